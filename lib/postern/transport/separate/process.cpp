// Boost.Process, compiled once for the whole program. Since 1.86 it comes as a library.
#include <boost/version.hpp>

#if BOOST_VERSION < 108600
#define BOOST_PROCESS_V2_SEPARATE_COMPILATION
#include <boost/asio/detail/throw_error.hpp> // 1.81 forgets it

#include <boost/process/v2/src.hpp>
#endif
