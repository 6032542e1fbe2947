--[[
  The body of the commit of the clock (worker/scripts/commitHead.lua is its head): cases with their passed rungs, and what was said.

    KEYS[2] state    KEYS[K + 1] cases   KEYS[K + 2] inbox   KEYS[K + 3] supervisions   KEYS[K + 4] drafts
    KEYS[K + 5] events of the region   KEYS[K + 6] its meta hash
    ARGV[A + 1] chunk of events, '' for none    ARGV[A + 2] how many they are
    ARGV[A + 3] entries that the inbox keeps    ARGV[A + 4] whether all alerts are known, '1' or '0'
    ARGV[A + 5] n, then n entries of the inbox
    n, then n times three: id of a draft, when it was made, the draft
    n, then n alert ids of cases that go
    then to the end: alert ids and cases

  Answers with the number of drafts that were new.
]]
local at = A + 5
local function each(width, take)
  local n = tonumber(ARGV[at])
  for i = at + 1, at + n * width, width do take(i) end
  at = at + 1 + n * width
end
redis.call('HSET', KEYS[2], 'whole', ARGV[A + 4])
if ARGV[A + 1] ~= '' then
  redis.call('XADD', KEYS[K + 5], '*', 'c', ARGV[A + 1])
  redis.call('HINCRBY', KEYS[K + 6], 'accepted', ARGV[A + 2])
end
each(1, function(i) redis.call('XADD', KEYS[K + 2], 'MAXLEN', '~', ARGV[A + 3], '*', 'c', ARGV[i]) end)
local fresh = 0
each(3, function(i)
  -- A leader may have decided about it before a backup was put back: then that stands.
  if redis.call('HSETNX', KEYS[K + 3], ARGV[i], ARGV[i + 2]) == 1 then
    redis.call('ZADD', KEYS[K + 4], ARGV[i + 1], ARGV[i])
    fresh = fresh + 1
  end
end)
each(1, function(i) redis.call('HDEL', KEYS[K + 1], ARGV[i]) end)
for i = at, #ARGV, 1000 do
  redis.call('HSET', KEYS[K + 1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
end
return fresh
