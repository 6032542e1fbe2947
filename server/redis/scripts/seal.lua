--[[
  Ends a checkpoint: from now on the feed is needed only from its start, so what lies well before may go.

    KEYS[1] lease   KEYS[2] checkpoint   KEYS[3] changes
    ARGV[1] fencing token
    ARGV[2] feed id up to which all blobs are complete, and how many chunks the alert table has
    ARGV[3] feed id below which entries may go ('' to keep all)

  Returns 1, or -1 when the lease is lost.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[2], ARGV[2])
if ARGV[3] ~= '' then redis.call('XTRIM', KEYS[3], 'MINID', ARGV[3]) end
return 1
