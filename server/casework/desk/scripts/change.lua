--[[
  Changes a lock, or lets it go, if it still holds what its holder knows.

    KEYS[1] lock
    ARGV[1] what it holds   ARGV[2] what it is to hold, '' for nothing   ARGV[3] ms for which it is kept

  Returns 1, or 0 if another has taken it.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
