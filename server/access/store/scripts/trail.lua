--[[
  Appends to the trail. Each entry carries a digest of itself and of the digest before, so that one changed or taken out shows.

    KEYS[1] trail    KEYS[2] newest digest
    ARGV[1] entry as JSON    ARGV[2] how long entries are kept, ms

  Returns the id.
]]
local digest = redis.sha1hex((redis.call('GET', KEYS[2]) or '') .. ARGV[1])
local time = redis.call('TIME')
local oldest = string.format('%.0f', tonumber(time[1]) * 1000 - tonumber(ARGV[2]))
redis.call('SET', KEYS[2], digest)
return redis.call('XADD', KEYS[1], 'MINID', '~', oldest, '*', 'e', ARGV[1], 'd', digest)
