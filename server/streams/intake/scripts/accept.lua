--[[
  Puts a chunk of valid events into the region's stream.

    KEYS[1] events   KEYS[2] meta
    ARGV[1] chunk    ARGV[2] number of events in it

  Returns {entry id, number of accepted events not yet counted}.
]]
local id = redis.call('XADD', KEYS[1], '*', 'c', ARGV[1])
local accepted = redis.call('HINCRBY', KEYS[2], 'accepted', ARGV[2])
local counted = tonumber(redis.call('HGET', KEYS[2], 'counted') or '0')
return { id, accepted - counted }
