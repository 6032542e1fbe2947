--[[
  Removes dead letters.

    KEYS[1] letters    KEYS[2] order    KEYS[3] bytes
    ARGV    ids

  Returns how many there were.
]]
local removed, bytes = 0, 0
for i = 1, #ARGV do
  bytes = bytes + redis.call('HSTRLEN', KEYS[1], ARGV[i])
  redis.call('HDEL', KEYS[1], ARGV[i])
  removed = removed + redis.call('ZREM', KEYS[2], ARGV[i])
end
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('DECRBY', KEYS[3], bytes)
end
return removed
