-- Adds points to a stroke, or begins it. What the stroke has already is not added again.
-- KEYS: hash of strokes, id -> order|page|points so far|"x,y x,y …", besides '#order' and '#bytes'; stream of what is said.
-- ARGV: stroke, page, index of the first point, points as "x,y x,y …", how many, most strokes, most points of one, most bytes, message.
-- Returns 1; 0 if all of it was there; -1 if there is no room; -2 if points before these are missing, or the stroke is of another page.
local from, n = tonumber(ARGV[3]), tonumber(ARGV[5])
local held = redis.call('HGET', KEYS[1], ARGV[1])
local order, count, before
if held then
  local page
  order, page, count, before = held:match('^(%d+)|([^|]*)|(%d+)|(.*)$')
  count = tonumber(count)
  if page ~= ARGV[2] or from > count then
    return -2
  end
  if from + n <= count then
    return 0
  end
elseif from > 0 then
  return -2
elseif redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[6]) + 2 then
  return -1
else
  count, before = 0, ''
end
local added = ARGV[4]
for _ = 1, count - from do
  added = added:gsub('^%S+ ?', '', 1)
end
local bytes = tonumber(redis.call('HGET', KEYS[1], '#bytes') or '0') + #added + 1
if from + n > tonumber(ARGV[7]) or bytes > tonumber(ARGV[8]) then
  return -1
end
if not order then
  order = redis.call('HINCRBY', KEYS[1], '#order', 1)
end
local points = before == '' and added or (before .. ' ' .. added)
redis.call('HSET', KEYS[1], ARGV[1], order .. '|' .. ARGV[2] .. '|' .. (from + n) .. '|' .. points, '#bytes', bytes)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 1000, '*', 'c', ARGV[9])
return 1
