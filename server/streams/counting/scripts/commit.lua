--[[
  The body of the commit of counting (worker/scripts/commitHead.lua is its head): documents, digests of their events, and the
  entry of the change feed.

    KEYS[K + 1] alerts   KEYS[K + 2] changes   KEYS[K + 3] full   KEYS[K + 4] parts    (KEYS[2], the state, is the region's meta hash)
    ARGV[A + 1] events in the batch             ARGV[A + 2] duplicates among them
    ARGV[A + 3] change for the feed, '' for none
    ARGV[A + 4] prefix of the seen hashes (same hash tag as the keys)
    ARGV[A + 5] digests of its events, 16 characters each, in one piece: the first 3 name the hash, 13 are kept in it
    ARGV[A + 6] digest of the rules by which all alerts have been folded, '' for nothing new
    ARGV[A + 7] number of marks of alerts that are full now (fullAlerts.ts), then the marks
    then the number of entries for outside platforms, then pairs (key of the platform's outbox, entry)
    then the number of parts of long documents (documentParts.lua), then pairs (field, part)
    then to the end: pairs (alert id, document)

  Answers with the id of the feed entry, '' if there is none.
]]
if ARGV[A + 6] ~= '' then redis.call('HSET', KEYS[2], 'rules', ARGV[A + 6]) end
local marks = tonumber(ARGV[A + 7])
for i = A + 8, A + 7 + marks do
  redis.call('ZADD', KEYS[K + 3], 'NX', redis.call('ZCARD', KEYS[K + 3]), ARGV[i])
end
local at = A + 8 + marks
local sent = tonumber(ARGV[at])
for i = at + 1, at + 2 * sent, 2 do
  redis.call('XADD', ARGV[i], '*', 'e', ARGV[i + 1])
end
at = at + 1 + 2 * sent
local parts = tonumber(ARGV[at])
for i = at + 1, at + 2 * parts, 2 do
  redis.call('HSET', KEYS[K + 4], ARGV[i], ARGV[i + 1])
end
for i = at + 1 + 2 * parts, #ARGV, 1000 do
  redis.call('HSET', KEYS[K + 1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
local prefix = ARGV[A + 4]
local digests = ARGV[A + 5]
for i = 1, #digests, 16 do
  redis.call('HSET', prefix .. digests:sub(i, i + 2), digests:sub(i + 3, i + 15), '')
end
local id = ''
if ARGV[A + 3] ~= '' then
  -- Each entry names the one before it, so that a follower can tell that it has missed none.
  local before = redis.call('HGET', KEYS[2], 'change') or '0-0'
  id = redis.call('XADD', KEYS[K + 2], '*', 'c', ARGV[A + 3], 'p', before)
  redis.call('HSET', KEYS[2], 'change', id)
end
redis.call('HINCRBY', KEYS[2], 'counted', ARGV[A + 1])
redis.call('HINCRBY', KEYS[2], 'duplicates', ARGV[A + 2])
return id
