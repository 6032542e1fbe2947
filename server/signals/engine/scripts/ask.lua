--[[
  What the engine must know of a batch before it can fold it. Reads only.

    KEYS[1] hash alert id → subject
    ARGV[1], ARGV[2] prefixes of the digests of this generation and of the one before
    ARGV[3] digests in one piece, 17 characters each: the first 3 name the hash, 14 are kept in it
    ARGV[4] to the end: alert ids

  Returns {a string of '0' and '1': was that digest seen before, subjects of the alerts or false}.
]]
local seen = {}
local digests = ARGV[3]
for i = 1, #digests, 17 do
  local bucket, digest = digests:sub(i, i + 2), digests:sub(i + 3, i + 16)
  local found = redis.call('HEXISTS', ARGV[1] .. bucket, digest)
  if found == 0 then found = redis.call('HEXISTS', ARGV[2] .. bucket, digest) end
  seen[#seen + 1] = found
end
local owners = {}
for i = 4, #ARGV, 1000 do
  local some = redis.call('HMGET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
  for j = 1, #some do owners[#owners + 1] = some[j] end
end
return { table.concat(seen), owners }
