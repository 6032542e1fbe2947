--[[
  Appends to the trail. Each entry carries a digest of its id (which holds its time), of itself and of the digest before, and
  what has been appended and taken away is counted: so one that was changed, moved or taken out shows.

    KEYS[1] trail
    KEYS[2] state: hash with `head` (newest digest), `last` (newest id), `count` (of all ever appended), `trimmed` (of those
            taken away because of their age), `anchor` and `anchorDigest` (id and digest of the last of these)
    KEYS[3] records of access, where `state:trail` says that there is a trail
    KEYS[4] hash: id of an entry → how often the same has happened again
    ARGV[1] entry as JSON    ARGV[2] how long entries are kept, ms

  Of what strangers can do again and again, there is one entry in a while:
    KEYS[5] counts such entries    KEYS[6] id of the entry for all beyond the limit
    KEYS[7…] ids of the entries on which this may be counted; a new entry becomes the last of them
    ARGV[3] how long such a while is, ms    ARGV[4] how many such entries in it    ARGV[5] the entry for all beyond

  Returns the id.
]]
local function again(key)
  local id = redis.call('GET', key)
  if id then
    redis.call('HINCRBY', KEYS[4], id, 1)
  end
  return id
end
local entry = ARGV[1]
local remember = false
if #KEYS > 4 then
  for i = 7, #KEYS do
    local id = again(KEYS[i])
    if id then
      return id
    end
  end
  local entries = redis.call('INCR', KEYS[5])
  if entries == 1 then
    redis.call('PEXPIRE', KEYS[5], ARGV[3])
  end
  remember = KEYS[#KEYS]
  if entries > tonumber(ARGV[4]) then
    local id = again(KEYS[6])
    if id then
      return id
    end
    entry = ARGV[5]
    remember = KEYS[6]
  end
end

local state = {}
local fields = redis.call('HGETALL', KEYS[2])
for i = 1, #fields, 2 do
  state[fields[i]] = fields[i + 1]
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function text(number)
  return string.format('%.0f', number)
end

-- A clock that was set back must not stop it: then entries of the same millisecond are numbered.
local top = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local lastMs, lastSeq = string.match((top[1] and top[1][1]) or state.last or '0-0', '^(%d+)-(%d+)$')
local ms, seq = now, 0
if tonumber(lastMs) >= now then
  ms, seq = tonumber(lastMs), tonumber(lastSeq) + 1
end
local id = text(ms) .. '-' .. text(seq)
local digest = redis.sha1hex((state.head or '') .. '\n' .. id .. '\n' .. entry)
redis.call('XADD', KEYS[1], id, 'e', entry, 'd', digest)
redis.call('HSET', KEYS[2], 'head', digest, 'last', id)
redis.call('HINCRBY', KEYS[2], 'count', 1)
redis.call('HSETNX', KEYS[3], 'state:trail', '1')
if remember then
  redis.call('SET', remember, id, 'PX', ARGV[3])
end

-- What is too old goes, a hundred at a time: from the last of them on the chain can still be followed.
local oldest = math.max(now - tonumber(ARGV[2]), 1)
local old = redis.call('XRANGE', KEYS[1], '-', '(' .. text(oldest) .. '-0', 'COUNT', 100)
if #old > 0 then
  local last = old[#old]
  local oldMs, oldSeq = string.match(last[1], '^(%d+)-(%d+)$')
  redis.call('HSET', KEYS[2], 'anchor', last[1], 'anchorDigest', last[2][4])
  redis.call('HINCRBY', KEYS[2], 'trimmed', #old)
  for _, one in ipairs(old) do
    redis.call('HDEL', KEYS[4], one[1])
  end
  redis.call('XTRIM', KEYS[1], 'MINID', '=', oldMs .. '-' .. text(tonumber(oldSeq) + 1))
end
return id
