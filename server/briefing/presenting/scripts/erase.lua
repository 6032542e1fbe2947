-- Takes away a stroke, or all of a page.
-- KEYS: hash of strokes as in draw.lua; stream of what is said. ARGV: 'stroke' or 'page', which one, message.
-- Returns how many strokes were taken away.
local gone, bytes = {}, 0
local function take(id, text)
  local page, points = text:match('^%d+|([^|]*)|%d+|(.*)$')
  if ARGV[1] == 'stroke' or page == ARGV[2] then
    gone[#gone + 1] = id
    bytes = bytes + #points + 1
  end
end
if ARGV[1] == 'stroke' then
  local held = redis.call('HGET', KEYS[1], ARGV[2])
  if held then
    take(ARGV[2], held)
  end
else
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    if all[i]:sub(1, 1) ~= '#' then
      take(all[i], all[i + 1])
    end
  end
end
if #gone == 0 then
  return 0
end
for _, id in ipairs(gone) do
  redis.call('HDEL', KEYS[1], id)
end
if redis.call('HLEN', KEYS[1]) <= 2 then
  redis.call('DEL', KEYS[1])
else
  redis.call('HINCRBY', KEYS[1], '#bytes', -bytes)
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 1000, '*', 'c', ARGV[3])
return #gone
