--[[
  Ends the waiting of an upload: it was named, or it is forgotten.

    KEYS[1] what waits to be named   KEYS[2] files of the alert   KEYS[3] meta of the region   KEYS[4…] holders of the file and of its thumbnail
    ARGV[1] digest   ARGV[2] id of the alert   ARGV[3] what came after this moment still waits, epoch ms   ARGV[4] 1 if it was named

  Returns 1 if it was forgotten, else 0. In a region that is being built anew nothing is forgotten.
]]
local member = ARGV[1] .. ' ' .. ARGV[2]
local at = redis.call('ZSCORE', KEYS[1], member)
if not at or tonumber(at) > tonumber(ARGV[3]) then return 0 end
if ARGV[4] == '1' then
  redis.call('ZREM', KEYS[1], member)
  return 0
end
if redis.call('HEXISTS', KEYS[3], 'rebuilding') == 1 then return 0 end
redis.call('ZREM', KEYS[1], member)
redis.call('HDEL', KEYS[2], ARGV[1])
for i = 4, #KEYS do redis.call('SREM', KEYS[i], ARGV[2]) end
return 1
