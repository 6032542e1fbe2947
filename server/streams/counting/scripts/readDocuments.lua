--[[
  The whole documents of some alerts (documentParts.lua is its head). Reads only.

    KEYS[1] alerts   KEYS[2] parts   ARGV alert ids

  Returns their documents, false for one that does not exist.
]]
return joined(KEYS[1], KEYS[2], ARGV)
