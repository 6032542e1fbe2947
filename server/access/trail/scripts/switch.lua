--[[
  Puts a copied trail in the place of the one of the version before, once it is whole.

    KEYS[1] trail in use    KEYS[2] its state    KEYS[3] newest digest of the version before
    KEYS[4] new trail    KEYS[5] its state    KEYS[6] records of access
    ARGV[1] first entry that was found changed, '' if none

  Returns 1 when it is in use (now or already), 0 when something was appended meanwhile, which is to be copied first.
]]
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 1
end
local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if not top[1] or top[1][1] ~= redis.call('HGET', KEYS[5], 'last') then
  return 0
end
redis.call('RENAME', KEYS[4], KEYS[1])
redis.call('RENAME', KEYS[5], KEYS[2])
redis.call('DEL', KEYS[3])
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[2], 'broken', ARGV[1])
end
redis.call('HSET', KEYS[6], 'state:trail', '1')
return 1
