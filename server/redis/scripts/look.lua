--[[
  What a worker must know of a batch before it can fold it. Reads only.

    KEYS[1] alerts
    ARGV[1] prefix of the seen hashes (same hash tag as KEYS[1])
    ARGV[2] n, then n alert ids, then (bucket, digest) pairs to the end

  Returns {n documents or false, a string of '0' and '1': was that event counted before}.
]]
local n = tonumber(ARGV[2])
local documents = {}
for i = 1, n, 1000 do
  local part = redis.call('HMGET', KEYS[1], unpack(ARGV, 2 + i, 2 + math.min(i + 999, n)))
  for j = 1, #part do documents[i + j - 1] = part[j] end
end
local seen = {}
for i = 3 + n, #ARGV, 2 do
  seen[#seen + 1] = redis.call('HEXISTS', ARGV[1] .. ARGV[i], ARGV[i + 1])
end
return { documents, table.concat(seen) }
