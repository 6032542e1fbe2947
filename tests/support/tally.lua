--[[
  The body of the commit of the tally (tallyProcess.mjs): totals by name, the events counted, and an entry of its output.

    KEYS[K + 1] totals    KEYS[K + 2] seen    KEYS[K + 3] output
    ARGV[A + 1] entry for the output, '' for none    ARGV[A + 2] number of ids, then the ids, then pairs (name, total)
]]
local ids = tonumber(ARGV[A + 2])
for i = A + 3, A + 2 + ids do redis.call('SADD', KEYS[K + 2], ARGV[i]) end
for i = A + 3 + ids, #ARGV, 2 do redis.call('HSET', KEYS[K + 1], ARGV[i], ARGV[i + 1]) end
if ARGV[A + 1] == '' then return '' end
return redis.call('XADD', KEYS[K + 3], '*', 'c', ARGV[A + 1])
