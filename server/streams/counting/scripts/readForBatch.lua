--[[
  What a worker must know of a batch before it can fold it. Reads only.

    KEYS[1] alerts
    ARGV[1] prefix of the seen hashes (same hash tag as KEYS[1])
    ARGV[2] digests of events, 16 characters each, in one piece: the first 3 name the hash, 13 are kept in it
    ARGV[3] to the end: alert ids

  Returns {n documents or false, a string of '0' and '1': was that event counted before}.
]]
local documents = {}
for i = 3, #ARGV, 1000 do
  local part = redis.call('HMGET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
  for j = 1, #part do documents[i + j - 3] = part[j] end
end
local seen = {}
local digests = ARGV[2]
for i = 1, #digests, 16 do
  seen[#seen + 1] = redis.call('HEXISTS', ARGV[1] .. digests:sub(i, i + 2), digests:sub(i + 3, i + 15))
end
return { documents, table.concat(seen) }
