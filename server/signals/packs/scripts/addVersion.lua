--[[
  Adds a version of the region's rules, as a draft.

    KEYS[1] packs      KEYS[2] log     KEYS[3] indicators
    ARGV[1] version    ARGV[2] pack    ARGV[3] change      then for each indicator: code, kind, channel

  Returns "" when it is there now, "exists" when there is one of this name, else a code whose kind another version has
  otherwise.
]]
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 'exists' end
for i = 4, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[3], ARGV[i])
  if known and string.match(known, '^%d+ (%a+) ') ~= ARGV[i + 1] then return ARGV[i] end
end
for i = 4, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[3], ARGV[i])
  local number = known and string.match(known, '^%d+') or redis.call('HLEN', KEYS[3])
  redis.call('HSET', KEYS[3], ARGV[i], number .. ' ' .. ARGV[i + 1] .. ' ' .. ARGV[i + 2])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[3])
return ''
