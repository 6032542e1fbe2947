-- Notes that somebody looks at a scope, and tells when they did before this visit. A visit goes on while looks follow one another soon enough.
-- KEYS: hash who and scope → "last before" (epoch ms; before is 0 the first time). ARGV: field, now, how long a visit outlasts a look (ms).
-- Returns before, or 0.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local now = tonumber(ARGV[2])
local before = 0
if kept then
  local last, earlier = string.match(kept, '^(%d+) (%d+)$')
  if now - tonumber(last) > tonumber(ARGV[3]) then before = tonumber(last) else before = tonumber(earlier) end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %.0f', now, before))
return string.format('%.0f', before)
