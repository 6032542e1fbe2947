--[[
  Puts messages about a report into the outbox, each once, whoever else does so at the same time.

    KEYS[1] set of what was told   KEYS[2] outbox of messages
    ARGV pairs (what is told to whom, message)
]]
for i = 1, #ARGV, 2 do
  if redis.call('SADD', KEYS[1], ARGV[i]) == 1 then redis.call('XADD', KEYS[2], '*', 'e', ARGV[i + 1]) end
end
return 1
