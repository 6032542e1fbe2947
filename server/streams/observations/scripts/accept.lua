--[[
  Puts an entry into the region's stream of observations.

    KEYS[1] observations   KEYS[2] meta
    ARGV[1] entry          ARGV[2] number of records in it

  Returns {entry id, number of accepted records not yet decided}.
]]
local id = redis.call('XADD', KEYS[1], '*', 'c', ARGV[1])
local accepted = redis.call('HINCRBY', KEYS[2], 'accepted', ARGV[2])
return { id, accepted - tonumber(redis.call('HGET', KEYS[2], 'counted') or '0') }
