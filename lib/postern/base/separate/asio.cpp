// Boost.Asio, compiled once for the whole program (its TLS half is in transport).
#include <boost/asio/impl/src.hpp>
