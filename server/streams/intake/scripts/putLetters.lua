--[[
  Keeps dead letters, and how many bytes all of them have.

    KEYS[1] letters    KEYS[2] order    KEYS[3] sequence    KEYS[4] bytes
    ARGV    pairs: id, letter as JSON. The same id again replaces its letter, and makes it the newest.
]]
if redis.call('EXISTS', KEYS[4]) == 0 then
  -- Letters from before they were counted: once.
  local bytes = 0
  for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
    bytes = bytes + redis.call('HSTRLEN', KEYS[1], id)
  end
  redis.call('SET', KEYS[4], bytes)
end
local grown = 0
for i = 1, #ARGV, 2 do
  grown = grown + #ARGV[i + 1] - redis.call('HSTRLEN', KEYS[1], ARGV[i])
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[3]), ARGV[i])
end
redis.call('INCRBY', KEYS[4], grown)
return 1
