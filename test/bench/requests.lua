-- For wrk, with one thread: every request is the next record of a slice of a file (see signed_requests.cpp).
--   wrk -t 1 ... -s requests.lua URL -- FILE SIZE FIRST COUNT
-- SIZE is the bytes of a record, FIRST and COUNT say which records. At its end the slice begins anew: such
-- deliveries are repetitions, and the server says how many came. Prints one line of JSON at the end.

function init(args)
    size = tonumber(args[2])
    first = tonumber(args[3])
    count = tonumber(args[4])
    file = assert(io.open(args[1], "rb"))
    file:setvbuf("full", 64 * size)
    left = 0
end

function request()
    if left == 0 then
        file:seek("set", first * size)
        left = count
    end
    left = left - 1
    return file:read(size)
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'JSON {"requests": %d, "us": %d, "p50": %d, "p99": %d, "max": %d, "refused": %d, "lost": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
