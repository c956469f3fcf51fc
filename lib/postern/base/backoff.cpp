#include "postern/base/backoff.hpp"

#include <random>

namespace postern {

double random_fraction()
{
    thread_local std::minstd_rand generator(std::random_device{}());
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

} // namespace postern
