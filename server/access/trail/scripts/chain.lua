--[[
  Copies entries of a trail of the version before, whose digests did not cover ids, into a new one, under the same ids.

    KEYS[1] new trail    KEYS[2] its state    KEYS[3] state of the trail in use
    ARGV pairs: id, entry as JSON, in order; those that are there already are passed over

  Returns 0 when the trail in use is a new one already: then nothing has happened; else 1.
]]
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
local head = redis.call('HGET', KEYS[2], 'head') or ''
local last = redis.call('HGET', KEYS[2], 'last') or '0-0'
local lastMs, lastSeq = string.match(last, '^(%d+)-(%d+)$')
lastMs, lastSeq = tonumber(lastMs), tonumber(lastSeq)
local added = 0
for i = 1, #ARGV, 2 do
  local ms, seq = string.match(ARGV[i], '^(%d+)-(%d+)$')
  ms, seq = tonumber(ms), tonumber(seq)
  if ms > lastMs or (ms == lastMs and seq > lastSeq) then
    head = redis.sha1hex(head .. '\n' .. ARGV[i] .. '\n' .. ARGV[i + 1])
    redis.call('XADD', KEYS[1], ARGV[i], 'e', ARGV[i + 1], 'd', head)
    last, lastMs, lastSeq = ARGV[i], ms, seq
    added = added + 1
  end
end
redis.call('HSET', KEYS[2], 'head', head, 'last', last)
redis.call('HINCRBY', KEYS[2], 'count', added)
return 1
