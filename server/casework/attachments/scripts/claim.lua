--[[
  Reads what is known of files that an action is about to name, and has them wait as long as if they had come now: nothing is swept
  while the event is on its way.

    KEYS[1] files of the alert   KEYS[2] what waits to be named
    ARGV[1] id of the alert   ARGV[2] now, epoch ms   ARGV[3…] digests

  Returns the records; an empty one for a file that the alert does not have.
]]
local records = {}
for i = 3, #ARGV do
  local record = redis.call('HGET', KEYS[1], ARGV[i])
  records[#records + 1] = record or ''
  if record then redis.call('ZADD', KEYS[2], ARGV[2], ARGV[i] .. ' ' .. ARGV[1]) end
end
return records
