--[[
  Changes records of access as one step, and tells every process which.

    KEYS[1] records    KEYS[2] changes    KEYS[3] counter
    ARGV[1] signal as JSON, '' for none
    ARGV[2] the number of the newest change that the caller knows of, '' where that does not matter
    then pairs: field, what it becomes ('' removed)

  Returns 1, or 0 when there is a newer change: what the caller decided may then be wrong, and nothing has happened.
]]
if ARGV[2] ~= '' and (redis.call('GET', KEYS[3]) or '0') ~= ARGV[2] then
  return 0
end
local fields = {}
for i = 3, #ARGV, 2 do
  fields[#fields + 1] = ARGV[i]
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
local n = redis.call('INCR', KEYS[3])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 1000, '*', 'n', n, 'f', table.concat(fields, '\n'), 's', ARGV[1])
return 1
