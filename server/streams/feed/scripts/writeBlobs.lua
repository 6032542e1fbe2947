--[[
  Writes a part of the checkpoint: blobs of buckets of the cube or of chunks of the alert table.

    KEYS[1] lease   KEYS[2] hash of the blobs   KEYS[3] meta   KEYS[4] changes
    ARGV[1] fencing token
    ARGV[2] feed id that the writer has seen last
    ARGV[3] n, then n ids to delete, then (id, blob) pairs to the end

  Returns 1, or
    -1  the lease is lost
    -2  the feed no longer holds what the writer has seen: a failover has taken it back
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('HGET', KEYS[3], 'change') ~= ARGV[2] and #redis.call('XRANGE', KEYS[4], ARGV[2], ARGV[2]) == 0 then return -2 end
local n = tonumber(ARGV[3])
for i = 4, 3 + n do redis.call('HDEL', KEYS[2], ARGV[i]) end
for i = 4 + n, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
