--[[
  Changes records of access as one step, and tells every process which.

    KEYS[1] records    KEYS[2] changes    KEYS[3] counter
    ARGV[1] signal as JSON, '' for none
    then threes: field, what it must be now ('' absent, '*' anything), what it becomes ('' removed)

  Returns 1, or 0 when a field is not what it must be: then nothing has happened.
]]
local fields = {}
for i = 2, #ARGV, 3 do
  if ARGV[i + 1] ~= '*' and (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then
    return 0
  end
end
for i = 2, #ARGV, 3 do
  fields[#fields + 1] = ARGV[i]
  if ARGV[i + 2] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
  end
end
local n = redis.call('INCR', KEYS[3])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 1000, '*', 'n', n, 'f', table.concat(fields, '\n'), 's', ARGV[1])
return 1
