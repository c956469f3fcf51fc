#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace postern {

// A token, a key, a password. It can't be printed, and it is compared in constant time. The bytes are wiped
// when the last owner goes.
class secret
{
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept : value_(std::exchange(other.value_, {})) {}
    secret& operator=(secret other) noexcept
    {
        value_.swap(other.value_);
        return *this;
    }
    ~secret();

    std::string_view reveal() const noexcept { return value_; } // one word to search for in a review
    bool empty() const noexcept { return value_.empty(); }

    friend bool operator==(const secret&, const secret&) noexcept; // constant time for equal lengths
    friend std::ostream& operator<<(std::ostream&, const secret&) = delete;

private:
    std::string value_;
};

} // namespace postern
