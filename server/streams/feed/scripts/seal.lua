--[[
  Ends a checkpoint: from now on the feed is needed only from its start, so what lies well before may go.

    KEYS[1] lease   KEYS[2] checkpoint   KEYS[3] changes   KEYS[4] meta
    ARGV[1] fencing token
    ARGV[2] feed id that the writer has seen last
    ARGV[3] feed id up to which all blobs are complete, and how many chunks the alert table has
    ARGV[4] feed id below which entries may go ('' to keep all)

  Returns 1, or
    -1  the lease is lost
    -2  the feed no longer holds what the writer has seen: a failover has taken it back
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('HGET', KEYS[4], 'change') ~= ARGV[2] and #redis.call('XRANGE', KEYS[3], ARGV[2], ARGV[2]) == 0 then return -2 end
redis.call('SET', KEYS[2], ARGV[3])
if ARGV[4] ~= '' then redis.call('XTRIM', KEYS[3], 'MINID', ARGV[4]) end
return 1
