end
local answer = body()
for i = 1, inputs do
  local at = 4 * i - 1
  if ARGV[at + 1] ~= ARGV[at + 2] then
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 2])
    if ARGV[at + 3] ~= '' then redis.call('XTRIM', KEYS[2 + i], 'MINID', ARGV[at + 3]) end
  end
end
return answer
