--[[
  What tries to send have come to, in one step: whoever is killed, no alert says what its outbox does not.

    KEYS[1] outbox   KEYS[2] tries   KEYS[3] deliveries   KEYS[4] failed   KEYS[5] order of the failed ones
    ARGV[1] deliveries that an alert keeps
    then times seven, to the end:
      entry    its tries, '' for one that waits no more    its place among the failed ones, '' for one that has not failed    the failure
      alert, '' where none is told    platform    the delivery
]]
for i = 2, #ARGV, 7 do
  local entry, tries, place, failure, alert, platform, delivery = unpack(ARGV, i, i + 6)
  if tries ~= '' then
    redis.call('HSET', KEYS[2], entry, tries)
  else
    redis.call('XDEL', KEYS[1], entry)
    redis.call('HDEL', KEYS[2], entry)
  end
  if place ~= '' then
    redis.call('HSET', KEYS[4], place, failure)
    redis.call('ZADD', KEYS[5], 0, place)
  end
  if alert ~= '' then
    local told = cjson.decode(delivery)
    local list = cjson.decode(redis.call('HGET', KEYS[3], alert) or '[]')
    -- Earlier versions kept the last one alone.
    if list.platform then list = { list } end
    local at = 0
    for j = 1, #list do
      if list[j].platform == platform and list[j].event == told.event then at = j end
    end
    if at > 0 then list[at] = told else table.insert(list, 1, told) end
    for j = #list, tonumber(ARGV[1]) + 1, -1 do table.remove(list, j) end
    redis.call('HSET', KEYS[3], alert, cjson.encode(list))
  end
end
return 1
