--[[
  Takes the lock of an alert (or of an employer), so that one action is on its way at a time.

    KEYS[1] lock   KEYS[2] meta of the region   KEYS[3] its events
    ARGV[1] id of the event that is to be made   ARGV[2] ms after which whoever holds it is taken to be gone
    ARGV[3] ms for which a lock is kept at all

  A lock holds `held <ms> <event>` while its action is checked and written, then `after <entry> <event>`: until that entry
  of the events has been counted. Whoever makes the same event again takes it in any case: it counts once.
  Returns what it holds now, '' when another action is on its way.
]]
local function parts(id)
  local ms, n = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(n)
end
local function counted(entry, offset)
  local a, b = parts(entry)
  local c, d = parts(offset)
  return c > a or (c == a and d >= b)
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lock = redis.call('GET', KEYS[1])
if lock then
  local state, at, event = string.match(lock, '^(%a+) (%S+) (.*)$')
  if event ~= ARGV[1] then
    local offset = redis.call('HGET', KEYS[2], 'offset') or '0-0'
    if state == 'after' then
      if not counted(at, offset) then return '' end
    elseif now - tonumber(at) < tonumber(ARGV[2]) then
      return ''
    else
      -- Whoever is gone may have written: all that is in the stream must be counted first.
      local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
      if last[1] and not counted(last[1][1], offset) then
        redis.call('SET', KEYS[1], 'after ' .. last[1][1] .. ' ' .. event, 'PX', ARGV[3])
        return ''
      end
    end
  end
end
lock = 'held ' .. now .. ' ' .. ARGV[1]
redis.call('SET', KEYS[1], lock, 'PX', ARGV[3])
return lock
