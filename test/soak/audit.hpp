#pragma once

#include <string>

namespace postern::test {

struct audit_options
{
    std::string program; // postern
    int rooms = 2000;
    int rate = 10; // requests a second that the cloud answers
    int bad = 20;  // rooms with an outsider
};

// `postern audit --fix` of many rooms against a cloud that limits the rate of requests. All rooms must be
// looked at, exactly the bad ones left, and progress be told. Prints figures; true if all is as it must be.
bool audit(const audit_options&);

} // namespace postern::test
