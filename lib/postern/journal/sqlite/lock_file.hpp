#pragma once

#include "postern/base/result.hpp"

#include <string>

namespace postern::journal::sqlite {

// One process at a time: an advisory lock that ends with its process, however that ends. The file stays;
// our process id stands in it while we have it.
class lock_file
{
public:
    // Errors: file_unreadable, which names the process that has it.
    static result<lock_file> take(const std::string& path);

    lock_file(lock_file&&) noexcept;
    lock_file& operator=(lock_file&&) noexcept;
    ~lock_file();

private:
    explicit lock_file(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

} // namespace postern::journal::sqlite
