--[[
  Writes a part of the checkpoint: blobs of buckets of the cube or of chunks of the alert table.

    KEYS[1] lease   KEYS[2] hash of the blobs
    ARGV[1] fencing token
    ARGV[2] n, then n ids to delete, then (id, blob) pairs to the end

  Returns 1, or -1 when the lease is lost.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local n = tonumber(ARGV[2])
for i = 3, 2 + n do redis.call('HDEL', KEYS[2], ARGV[i]) end
for i = 3 + n, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
