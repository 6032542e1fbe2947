--[[
  Notes by which box positions are counted from now on. Where all was counted by another, heat and map are wrong in the
  checkpoint and the feed: both go, and an entry that follows on nothing has everybody compute all from the documents.

    KEYS[1] lease   KEYS[2] meta hash   KEYS[3] alerts   KEYS[4] changes   KEYS[5] checkpoint   KEYS[6] buckets   KEYS[7] table
    ARGV[1] fencing token   ARGV[2] the box   ARGV[3] a change of nothing

  Returns 1 if figures are to be computed anew, 0 if not, or -1 when the lease is lost.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('HGET', KEYS[2], 'box') == ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], 'box', ARGV[2])
if redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
redis.call('UNLINK', KEYS[5], KEYS[6], KEYS[7])
local id = redis.call('XADD', KEYS[4], 'MAXLEN', 1, '*', 'c', ARGV[3], 'p', 'another box')
redis.call('HSET', KEYS[2], 'change', id)
return 1
