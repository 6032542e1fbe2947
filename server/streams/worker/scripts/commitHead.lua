--[[
  The head of every commit script: whoever lost the lease, or starts from offsets that are no longer the current ones, commits
  nothing (invariant 2). The body follows, then commitFoot.lua, which stores the new offsets: all in one script, all or nothing.

    KEYS[1] lease    KEYS[2] state: hash with the offsets    KEYS[3] … the n input streams    then the body's own
    ARGV[1] fencing token    ARGV[2] n
    then n times four: field of the offset, offset the batch started from, offset after it, id below which entries go ('' for none)
    then the body's own

  For the body: KEYS[K + 1] is the first key of its own, ARGV[A + 1] its first argument. It returns what the commit is to
  answer, which must be no negative number.

  Returns the body's answer, or
    -1  the lease is lost
    -2  an offset has moved
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local inputs = tonumber(ARGV[2])
for i = 3, 2 + 4 * inputs, 4 do
  if (redis.call('HGET', KEYS[2], ARGV[i]) or '0-0') ~= ARGV[i + 1] then return -2 end
end
local K = 2 + inputs
local A = 2 + 4 * inputs
local function body()
