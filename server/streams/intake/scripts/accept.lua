--[[
  Puts a chunk of valid events into the region's stream.

    KEYS[1] events   KEYS[2] meta   KEYS[3] full: marks of alerts that take no more events
    ARGV[1] chunk    ARGV[2] number of events in it

  Returns {entry id, number of accepted events not yet counted, last counted entry, number of marks}.
]]
local id = redis.call('XADD', KEYS[1], '*', 'c', ARGV[1])
local accepted = redis.call('HINCRBY', KEYS[2], 'accepted', ARGV[2])
local meta = redis.call('HMGET', KEYS[2], 'counted', 'offset')
return { id, accepted - tonumber(meta[1] or '0'), meta[2] or '0-0', redis.call('ZCARD', KEYS[3]) }
