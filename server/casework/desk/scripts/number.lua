--[[
  Gives an alert that is raised by hand its number: the next one of the year that no alert has.

    KEYS[1] what the event was given before   KEYS[2] counter of the year   KEYS[3] documents of the alerts
    ARGV[1] beginning of the id   ARGV[2] digits   ARGV[3] ms for which it is kept what an event was given

  Returns the id; for the same event again, the same.
]]
local given = redis.call('GET', KEYS[1])
if given then return given end
local id
repeat
  -- A region that was built anew from an export has alerts and no counter.
  id = ARGV[1] .. string.format('%0' .. ARGV[2] .. 'd', redis.call('INCR', KEYS[2]))
until redis.call('HEXISTS', KEYS[3], id) == 0
redis.call('SET', KEYS[1], id, 'PX', ARGV[3])
return id
