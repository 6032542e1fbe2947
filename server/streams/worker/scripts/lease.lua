--[[
  Takes or renews the lease of a region.

    KEYS[1] lease    KEYS[2] fence
    ARGV[1] token held so far, '' for none    ARGV[2] time to live in ms    ARGV[3] '1' to take it from whoever has it
    ARGV[4] what makes a new token one of its kind

  Returns the token now held, or '' when somebody else holds the lease. A token is never given out twice.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return holder
end
-- A holder whose lease ran out has it again under the same token as long as nobody has taken it since: then nobody can have
-- counted either. Whoever takes a lease counts the fence up. After that a holder must not get a new one by renewing.
if not holder and ARGV[1] ~= '' and redis.call('GET', KEYS[2]) == ARGV[1]:match('^%d+') then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return ARGV[1]
end
if ARGV[3] ~= '1' and (holder or ARGV[1] ~= '') then
  return ''
end
-- The counter alone would not do: a replica that becomes master may not have heard of its last step, and count it again.
local token = redis.call('INCR', KEYS[2]) .. '-' .. ARGV[4]
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
