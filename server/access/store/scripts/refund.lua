--[[
  Takes back attempts that turned out well, or of which nothing came.

    KEYS counters

  One that has ended meanwhile stays ended: counting down from nothing would leave one that never ends.
]]
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then
    redis.call('DECR', key)
  end
end
