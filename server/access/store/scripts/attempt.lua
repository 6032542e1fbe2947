--[[
  Counts an attempt at something that is to be tried seldom, by several counts at once.

    KEYS counters    ARGV[1] how long a count lasts, ms    ARGV[2…] the limit of each

  Returns 0 when the attempt may be made, else after how many ms to come back; then it is not counted.
]]
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then
    wait = math.max(wait, redis.call('PTTL', key), 1)
  end
end
if wait > 0 then
  return wait
end
for _, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then
    redis.call('PEXPIRE', key, ARGV[1])
  end
end
return 0
