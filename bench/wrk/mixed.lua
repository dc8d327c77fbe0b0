-- Nine requests ask for the address that wrk was given, the tenth creates a product. The argument makes article numbers unique.
dofile('/wrk/figures.lua')
local run, count = '', 0

function init(args)
  run = args[1]
end

function request()
  count = count + 1
  if count % 10 ~= 0 then return wrk.format() end
  local sku = string.format('BENCH-%s-%d', run, count)
  local body = string.format(
    '{"sku":"%s","name":"Bench %s","description":"Made by npm run bench","price":{"amount":1250,"currency":"EUR"},"stock":3}', sku, sku)
  return wrk.format('POST', '/api/products', { ['content-type'] = 'application/json' }, body)
end
