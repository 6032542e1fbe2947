--[[
  Notes that a file belongs to an alert. To be done before the file gets its name: whoever removes files that nobody has looks here.

    KEYS[1] files of the alert   KEYS[2] what waits to be named   KEYS[3…] holders of the file and of its thumbnail
    ARGV[1] digest   ARGV[2] id of the alert   ARGV[3] record   ARGV[4] now, epoch ms   ARGV[5] most files of an alert

  Returns 0 where the alert has as many as it may have, else 1.
]]
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1] .. ' ' .. ARGV[2])
for i = 3, #KEYS do redis.call('SADD', KEYS[i], ARGV[2]) end
return 1
