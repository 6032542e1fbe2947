--[[
  Gives up a checkpoint that cannot be read, and the feed that belongs to it: whoever starts now finds neither, and computes
  everything from the documents.

    KEYS[1] lease   KEYS[2] checkpoint   KEYS[3] buckets   KEYS[4] table   KEYS[5] changes
    ARGV[1] fencing token
    ARGV[2] feed id below which entries go

  Returns 1, or -1 when the lease is lost.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4])
redis.call('XTRIM', KEYS[5], 'MINID', ARGV[2])
return 1
