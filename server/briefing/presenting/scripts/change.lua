-- Changes a presentation if it still is as it was read, and tells of it.
-- KEYS: presentation; what is presented of its scope; stream of what is said.
-- ARGV: presentation as it was read ('' for none), as it is to be, its lifetime in ms, its briefing, 'on' or 'off', message.
-- Returns 1, or 0 if it has been changed meanwhile.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if ARGV[5] == 'on' then
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
elseif redis.call('GET', KEYS[2]) == ARGV[4] then
  redis.call('DEL', KEYS[2])
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', 1000, '*', 'c', ARGV[6])
return 1
