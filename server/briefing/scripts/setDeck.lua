-- Keeps a deck of somebody's own, unless it has been changed meanwhile.
-- KEYS: hash id -> "version\nowner\nname\nrecord" of the region.
-- ARGV: id, version that is there ('' for none), owner, name as it is compared, record, most of one owner, most of the region.
-- Returns 1; 0 if another version is there; -1 if its owner has as many as they may, -2 if the region has; -3 if its owner has another of that name.
local held = redis.call('HGET', KEYS[1], ARGV[1])
if (held and string.match(held, '^(%d+)\n') or '') ~= ARGV[2] then
  return 0
end
local all = redis.call('HGETALL', KEYS[1])
local own = 0
for i = 1, #all, 2 do
  if all[i] ~= ARGV[1] then
    local owner, name = string.match(all[i + 1], '^%d+\n([^\n]*)\n([^\n]*)\n')
    if owner == ARGV[3] then
      own = own + 1
      if name == ARGV[4] then
        return -3
      end
    end
  end
end
if not held then
  if own >= tonumber(ARGV[6]) then
    return -1
  end
  if #all / 2 >= tonumber(ARGV[7]) then
    return -2
  end
end
local version = (tonumber(ARGV[2]) or 0) + 1
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d\n%s\n%s\n%s', version, ARGV[3], ARGV[4], ARGV[5]))
return 1
