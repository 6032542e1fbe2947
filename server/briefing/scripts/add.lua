-- Keeps the record of a briefing unless its region has as many as it may.
-- KEYS: hash id → record of the region. ARGV: id, record, how many there may be.
-- Returns 1, or 0 if there is no room.
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
