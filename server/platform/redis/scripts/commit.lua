--[[
  Commits a batch: documents, digests of its events, the entry of the change feed and the offset, all or nothing.
  Whoever lost the lease, or starts from an offset that is no longer the current one, commits nothing (invariant 2).

    KEYS[1] lease   KEYS[2] meta   KEYS[3] alerts   KEYS[4] changes   KEYS[5] events
    ARGV[1] fencing token
    ARGV[2] offset the batch started from    ARGV[3] offset after it    ARGV[4] id just after that offset
    ARGV[5] events in the batch              ARGV[6] duplicates among them
    ARGV[7] change for the feed, '' for none
    ARGV[8] prefix of the seen hashes (same hash tag as the keys)
    ARGV[9] digests of its events, 16 characters each, in one piece: the first 3 name the hash, 13 are kept in it
    ARGV[10] to the end: pairs (alert id, document)

  Returns the id of the feed entry, '' if there is none, or
    -1  the lease is lost
    -2  the offset has moved
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if (redis.call('HGET', KEYS[2], 'offset') or '0-0') ~= ARGV[2] then return -2 end

for i = 10, #ARGV, 1000 do
  redis.call('HSET', KEYS[3], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
local prefix = ARGV[8]
local digests = ARGV[9]
for i = 1, #digests, 16 do
  redis.call('HSET', prefix .. digests:sub(i, i + 2), digests:sub(i + 3, i + 15), '')
end
local id = ''
if ARGV[7] ~= '' then
  -- Each entry names the one before it, so that a follower can tell that it has missed none.
  local before = redis.call('HGET', KEYS[2], 'change') or '0-0'
  id = redis.call('XADD', KEYS[4], '*', 'c', ARGV[7], 'p', before)
  redis.call('HSET', KEYS[2], 'change', id)
end
redis.call('HSET', KEYS[2], 'offset', ARGV[3])
redis.call('HINCRBY', KEYS[2], 'counted', ARGV[5])
redis.call('HINCRBY', KEYS[2], 'duplicates', ARGV[6])
redis.call('XTRIM', KEYS[5], 'MINID', ARGV[4])
return id
