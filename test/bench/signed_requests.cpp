// Writes signed deliveries as raw HTTP requests, each of the same size, for requests.lua to read back.
//   signed_requests FILE COUNT [FIRST]
// Prints {"size": bytes of one, "body": bytes of its body, "count": ...}.

#include "delivery.hpp"

#include "postern/base/crypto.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>

int main(int count, char** words)
{
    using namespace postern;
    if (count < 3)
    {
        std::cerr << "usage: signed_requests FILE COUNT [FIRST]\n";
        return 2;
    }
    const auto wanted = std::strtoull(words[2], nullptr, 10);
    const auto first = count > 3 ? std::strtoull(words[3], nullptr, 10) : 0;
    const secret key(bench::key);
    std::ofstream out(words[1], std::ios::binary);
    std::size_t size = 0, body_size = 0;
    for (auto n = first; n < first + wanted; ++n)
    {
        const auto body = bench::delivery(n);
        const auto request = "POST /webhook HTTP/1.1\r\n"
                             "Host: gw.example.net\r\n"
                             "Content-Type: application/json;charset=UTF-8\r\n"
                             "trackingid: ROUTERGW_0d9e8f7a-6b5c-4d3e-9f2a-1b0c9d8e7f6a\r\n"
                             "X-Spark-Signature: " +
                             hmac_sha1_hex(key, body) + "\r\nContent-Length: " + std::to_string(body.size()) +
                             "\r\n\r\n" + body;
        if (size != 0 && request.size() != size)
        {
            std::cerr << "signed_requests: the requests are not of one size\n";
            return 1;
        }
        size = request.size();
        body_size = body.size();
        out << request;
    }
    if (!out.flush())
    {
        std::cerr << "signed_requests: " << words[1] << " can't be written\n";
        return 1;
    }
    std::cout << R"({"size": )" << size << R"(, "body": )" << body_size << R"(, "count": )" << wanted
              << "}\n";
}
