-- Sends leads that were never sent before, and prints what wrk measured as one line of JSON.
-- Arguments: file of bodies, number of the first lead. The places ~f~ ~n~ ~i~ are described in bodies.py.

wrk.method = "POST"
local bodies, at, number = {}, 0, 0
local floor, format = math.floor, string.format

function init(arguments)
  for line in io.lines(arguments[1]) do
    bodies[#bodies + 1] = line
  end
  number = tonumber(arguments[2])
  at = number % #bodies
end

local function place(kind)
  if kind == "f" then
    number = number + 1
  elseif kind == "i" then
    return format("%d.%d.%d.%d", 23 + number % 150, floor(number / 150) % 256, floor(number / 38400) % 256,
      1 + number % 250)
  end
  return format("%d", number)
end

function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, (bodies[at]:gsub("~([fni])~", place)))
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(format(
    '\nRESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"most":%d,"refused":%d,"lost":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
