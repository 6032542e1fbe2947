--[[
  What a worker must know of a batch before it can fold it (documentParts.lua is its head). Reads only.

    KEYS[1] alerts   KEYS[2] parts   KEYS[3] connected: platforms with a connector   KEYS[4] meta hash
    ARGV[1] prefix of the seen hashes (same hash tag as KEYS[1])
    ARGV[2] digests of events, 16 characters each, in one piece: the first 3 name the hash, 13 are kept in it
    ARGV[3] to the end: alert ids

  Returns {n documents or false, a string of '0' and '1': was that event counted before,
  platforms with a connector and since when, in turn, 1 while the region is being built anew, else 0}.
]]
local ids = {}
for i = 3, #ARGV do ids[i - 2] = ARGV[i] end
local seen = {}
local digests = ARGV[2]
for i = 1, #digests, 16 do
  seen[#seen + 1] = redis.call('HEXISTS', ARGV[1] .. digests:sub(i, i + 2), digests:sub(i + 3, i + 15))
end
return { joined(KEYS[1], KEYS[2], ids), table.concat(seen), redis.call('HGETALL', KEYS[3]), redis.call('HEXISTS', KEYS[4], 'rebuilding') }
