--[[
  Writes a connector in place of what it was read as: whoever has set or removed it meanwhile goes first.

    KEYS[1] settings   ARGV[1] field   ARGV[2] as it was read   ARGV[3] as it is to be

  Answers 1, or 0 where it is another by now: then nothing is written.
]]
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
