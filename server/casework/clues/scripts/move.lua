--[[
  Moves pictures from whoever uploaded them to the clue that names them, or back. All of them or none. What is there already stays
  as it is, so the same again does nothing again.

    KEYS[1] pictures of the one who has them   KEYS[2] of the one who is to have them   KEYS[3] what has an end
    KEYS[4…] two for each picture: holders of the picture and of its thumbnail
    ARGV[1] who has them   ARGV[2] who is to have them   ARGV[3] a day before they end, epoch ms
    ARGV[4…] two for each picture: its digest, and its record from now on

  Returns 0, or which of them neither has, from 1.
]]
local count = (#ARGV - 3) / 2
for i = 1, count do
  local digest = ARGV[2 + 2 * i]
  if redis.call('HEXISTS', KEYS[2], digest) == 0 and redis.call('HEXISTS', KEYS[1], digest) == 0 then return i end
end
for i = 1, count do
  local digest, record = ARGV[2 + 2 * i], ARGV[3 + 2 * i]
  if redis.call('HEXISTS', KEYS[2], digest) == 0 then
    redis.call('HSET', KEYS[2], digest, record)
    redis.call('ZADD', KEYS[3], ARGV[3], digest .. ' ' .. ARGV[2])
    redis.call('HDEL', KEYS[1], digest)
    redis.call('ZREM', KEYS[3], digest .. ' ' .. ARGV[1])
    for k = 2 + 2 * i, 3 + 2 * i do
      redis.call('SADD', KEYS[k], ARGV[2])
      redis.call('SREM', KEYS[k], ARGV[1])
    end
  end
end
return 0
