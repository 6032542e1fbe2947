--[[
  The head of scripts that read documents. The document of an alert with very many events is kept in parts: its head, in the hash
  of documents, begins with "[0," instead of "[[", and the hash of parts has "#" + alert id → number of parts, and for each
  number from 0 "number#alert id" → part, a JSON array like a document. The body that follows may use

    joined(alerts, parts, ids)   the whole documents of some alerts, false for one that does not exist; that of a long one
                                 begins with the number of its parts
]]
local function joined(alerts, parts, ids)
  local documents = {}
  for i = 1, #ids, 1000 do
    local some = redis.call('HMGET', alerts, unpack(ids, i, math.min(i + 999, #ids)))
    for j = 1, #some do documents[i + j - 1] = some[j] end
  end
  for i = 1, #ids do
    local document = documents[i]
    if document and document:sub(1, 3) == '[0,' then
      local n = tonumber(redis.call('HGET', parts, '#' .. ids[i]) or '0')
      local texts = { '[' .. n, document:sub(4, -2) }
      for first = 0, n - 1, 500 do
        local names = {}
        for number = first, math.min(first + 499, n - 1) do names[#names + 1] = number .. '#' .. ids[i] end
        local some = redis.call('HMGET', parts, unpack(names))
        for j = 1, #some do texts[#texts + 1] = some[j]:sub(2, -2) end
      end
      documents[i] = table.concat(texts, ',') .. ']'
    end
  end
  return documents
end
