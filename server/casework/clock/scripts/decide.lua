--[[
  A leader's decision about a draft, and all that comes of it, in one step.

    KEYS[1] supervisions   KEYS[2] drafts   KEYS[3] issued or dropped, by what is decided   KEYS[4] state
    KEYS[5] events of the region   KEYS[6] its meta hash   KEYS[7] inbox
    ARGV[1] id   ARGV[2] the draft as it was read   ARGV[3] when it is decided, epoch ms
    ARGV[4] field of the state that counts letters, '' for one that gets no number
    ARGV[5], ARGV[6] the supervision as it is then, before and after its number
    ARGV[7], ARGV[8] the chunk with its event, before and after the number; '' and '' for none
    ARGV[9] entry of the inbox, '' for none   ARGV[10] entries that the inbox keeps
    ARGV[11] how many are kept in KEYS[3], 0 for all

  Returns nil when somebody else has decided meanwhile, else the id of the entry with the event, '' where there is none.
]]
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return nil end
local number = ''
if ARGV[4] ~= '' then number = redis.call('HINCRBY', KEYS[4], ARGV[4], 1) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[5] .. number .. ARGV[6])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
local written = ''
if ARGV[7] ~= '' then
  written = redis.call('XADD', KEYS[5], '*', 'c', ARGV[7] .. number .. ARGV[8])
  redis.call('HINCRBY', KEYS[6], 'accepted', 1)
end
if ARGV[9] ~= '' then redis.call('XADD', KEYS[7], 'MAXLEN', '~', ARGV[10], '*', 'c', ARGV[9]) end
local keep = tonumber(ARGV[11])
if keep > 0 then
  for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -keep - 1)) do
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[3], id)
  end
end
return written
