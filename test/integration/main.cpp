#define BOOST_TEST_MODULE postern integration
#include <boost/test/unit_test.hpp>

#include "integration/cloud.hpp"

namespace postern::test {

// test_integration --run_test=echo -- --mode=webhook
std::string mode_under_test()
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    for (int i = 1; i < suite.argc; ++i)
        if (const std::string argument = suite.argv[i]; argument.starts_with("--mode="))
            return argument.substr(7);
    return "websocket";
}

} // namespace postern::test
