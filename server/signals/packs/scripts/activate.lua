--[[
  Puts a version in force: the changes of states, and the entry by which the engine learns of it, in one step.

    KEYS[1] log                KEYS[2] observations   KEYS[3] meta of the observations
    ARGV[1] length of the log on which this was decided   ARGV[2] entry of the stream   then the changes, oldest first

  Returns the id of the entry, or "" when the log has grown meanwhile.
]]
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return '' end
for i = 3, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
redis.call('HINCRBY', KEYS[3], 'accepted', 1)
return redis.call('XADD', KEYS[2], '*', 'c', ARGV[2])
