--[[
  Gives a supervision that somebody writes at the case its place among the letters of the year.

    KEYS[1] what the event was given before   KEYS[2] state of the clock, which counts the letters
    ARGV[1] field of the state that counts those of the year   ARGV[2] ms for which it is kept what an event was given

  Returns how many letters of the year there are with this one; for the same event again, the same.
]]
local given = redis.call('GET', KEYS[1])
if given then return tonumber(given) end
local place = redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
redis.call('SET', KEYS[1], place, 'PX', ARGV[2])
return place
