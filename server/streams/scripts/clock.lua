--[[
  The clock of the server that holds a region: the one its stream ids are made of.

    KEYS[1] any key of the region

  Returns {seconds, microseconds}.
]]
return redis.call('TIME')
