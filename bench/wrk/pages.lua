-- Every request asks for another page of the catalogue, out of a thousand: no two that are the same are ever in flight together.
dofile('/wrk/figures.lua')
local alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
local cursors, count = {}, 0

-- 16 bytes as base64url, which is what a cursor is: a place in the order of ids.
local function encode(bytes)
  local text, bits, held = '', 0, 0
  for i = 1, #bytes do
    held, bits = held * 256 + bytes[i], bits + 8
    while bits >= 6 do
      bits = bits - 6
      local index = math.floor(held / 2 ^ bits)
      text, held = text .. alphabet:sub(index + 1, index + 1), held % 2 ^ bits
    end
  end
  return text .. alphabet:sub(held * 2 ^ (6 - bits) + 1, held * 2 ^ (6 - bits) + 1)
end

-- The id that a product made at this time would have (version 7: milliseconds first).
local function cursor(milliseconds)
  local bytes = {}
  for i = 6, 1, -1 do
    bytes[i] = milliseconds % 256
    milliseconds = math.floor(milliseconds / 256)
  end
  for i = 7, 16 do bytes[i] = 255 end
  return encode(bytes)
end

-- The dummy catalogue has a product for every minute of 2025 (apps/migrate/catalogue.ts); here are the first 5,000, in leaps.
function init()
  for i = 0, 999 do cursors[i] = cursor(1735689600000 + 60000 * (100 + (i * 619) % 4900)) end
end

function request()
  count = count + 1
  return wrk.format('GET', wrk.path .. '&cursor=' .. cursors[count % 1000])
end
