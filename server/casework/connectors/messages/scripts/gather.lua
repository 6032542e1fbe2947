--[[
  Takes entries of the inbox in and puts messages of them into the outbox, in one step: each entry is in one message, whoever is killed.

    KEYS[1] hash of where messages stand   KEYS[2] waiting entries   KEYS[3] outbox of messages
    ARGV[1] entry of the inbox up to which all were taken in, as it was read   ARGV[2] up to which they are then
    ARGV[3] n, then n ids of entries that wait no more
    then n, then n pairs (id, entry) that wait from now on
    then to the end: messages

  Answers 1, or 0 where another process has been here since: then nothing is written.
]]
if redis.call('HGET', KEYS[1], 'position') ~= ARGV[1] then return 0 end
local gone = tonumber(ARGV[3])
for i = 4, 3 + gone do
  if redis.call('HEXISTS', KEYS[2], ARGV[i]) == 0 then return 0 end
end
for i = 4, 3 + gone do redis.call('HDEL', KEYS[2], ARGV[i]) end
local at = 4 + gone
local stay = tonumber(ARGV[at])
for i = at + 1, at + 2 * stay, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
for i = at + 1 + 2 * stay, #ARGV do redis.call('XADD', KEYS[3], '*', 'e', ARGV[i]) end
redis.call('HSET', KEYS[1], 'position', ARGV[2])
return 1
