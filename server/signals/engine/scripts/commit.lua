--[[
  The body of the commit of the engine (worker/scripts/commitHead.lua is its head): subjects, observations as they came, events
  about alerts, and the entry of the engine's feed.

    KEYS[2] state    KEYS[K + 1] subjects   KEYS[K + 2] alerts   KEYS[K + 3] words   KEYS[K + 4] sources   KEYS[K + 5] changes
    KEYS[K + 6] events of the region   KEYS[K + 7] its meta hash
    ARGV[A + 1] chunk of events, '' for none    ARGV[A + 2] how many they are
    ARGV[A + 3] change for the feed, '' for none    ARGV[A + 4] entries that the feed keeps
    ARGV[A + 5] prefix of the digests    ARGV[A + 6] digests in one piece, 17 characters each (ask.lua)
    ARGV[A + 7] records of the stream of observations in the batch
    ARGV[A + 8] n, then n fields and values of the state
    n, then n alert ids and subjects
    n, then n words
    n, then n sources and records
    n, then n times three: a list of blocks, 'last' or 'next', a block that takes the place of the last one or comes after it
    n, then n keys that go
    then to the end: subjects and what is kept of them

  Answers with the id of the feed entry, '' if there is none.
]]
local at = A + 8
redis.call('HINCRBY', KEYS[2], 'counted', ARGV[A + 7])
local function each(width, take)
  local n = tonumber(ARGV[at])
  for i = at + 1, at + n * width, width do take(i) end
  at = at + 1 + n * width
end
each(2, function(i) redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end)
each(2, function(i) redis.call('HSET', KEYS[K + 2], ARGV[i], ARGV[i + 1]) end)
each(1, function(i) redis.call('RPUSH', KEYS[K + 3], ARGV[i]) end)
each(2, function(i) redis.call('HSET', KEYS[K + 4], ARGV[i], ARGV[i + 1]) end)
each(3, function(i)
  if ARGV[i + 1] == 'last' then redis.call('LSET', ARGV[i], -1, ARGV[i + 2])
  else redis.call('RPUSH', ARGV[i], ARGV[i + 2]) end
end)
each(1, function(i) redis.call('UNLINK', ARGV[i]) end)
for i = at, #ARGV, 1000 do
  redis.call('HSET', KEYS[K + 1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
local prefix, digests = ARGV[A + 5], ARGV[A + 6]
for i = 1, #digests, 17 do
  redis.call('HSET', prefix .. digests:sub(i, i + 2), digests:sub(i + 3, i + 16), '')
end
if ARGV[A + 1] ~= '' then
  redis.call('XADD', KEYS[K + 6], '*', 'c', ARGV[A + 1])
  redis.call('HINCRBY', KEYS[K + 7], 'accepted', ARGV[A + 2])
end
local id = ''
if ARGV[A + 3] ~= '' then
  -- Each entry names the one before it, so that a follower can tell that it has missed none.
  local before = redis.call('HGET', KEYS[2], 'change') or '0-0'
  id = redis.call('XADD', KEYS[K + 5], 'MAXLEN', '~', ARGV[A + 4], '*', 'c', ARGV[A + 3], 'p', before)
  redis.call('HSET', KEYS[2], 'change', id)
end
return id
