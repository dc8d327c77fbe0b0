-- Prints what wrk has measured as one line of JSON. Latencies in microseconds.
function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('{"requests":%d,"microseconds":%d,"lost":%d,"p50":%d,"p90":%d,"p99":%d,"max":%d}\n',
    summary.requests, summary.duration, lost, latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
