#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace postern {

// Whom an argument of the type `person` names: by a mention, which tells the id and the name, or by an
// address.
struct addressee
{
    std::string id;    // public id of the person; empty for an address
    std::string email; // empty for a mention
    std::string name;  // as the mention shows it; empty for an address

    friend bool operator==(const addressee&, const addressee&) = default;
};

// Thrown by a handler that can't work with what was said. The person is told `why`, as plain text, and how
// the command is used, in one line; nothing has failed.
//
//     if (!known(city))
//         throw postern::usage_error("I do not know that city.");
class usage_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// What was typed after a command whose arguments are described (bot/command.hpp). A value; thread-safe to
// read.
class parsed_arguments
{
public:
    using value = std::variant<std::string, std::int64_t, double, addressee>;

    bool given(std::string_view name) const { return look_up(name) != nullptr; }

    // The argument or option of that name; empty if it was left out. T: std::string (any but a person),
    // double, any integer type, addressee. Throws usage_error for a number that T does not hold, and
    // std::logic_error for a name or a type that the description does not have.
    template <class T>
    std::optional<T> find(std::string_view name) const
    {
        const value* found = look_up(name);
        if (!found)
            return std::nullopt;
        if constexpr (std::is_same_v<T, std::string>)
            return as_text(name, *found);
        else if constexpr (std::is_same_v<T, addressee>)
            return as_person(name, *found);
        else if constexpr (std::is_floating_point_v<T>)
            return static_cast<T>(as_number(name, *found));
        else
        {
            static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "no argument has this type");
            const std::int64_t whole = as_int(name, *found);
            const auto fitting = static_cast<T>(whole);
            if (static_cast<std::int64_t>(fitting) != whole || (fitting < T{}) != (whole < 0))
                throw usage_error(std::to_string(whole) + " is out of range.");
            return fitting;
        }
    }

    // Throws std::logic_error if it was left out.
    template <class T>
    T get(std::string_view name) const
    {
        auto found = find<T>(name);
        if (!found)
            throw_absent(name);
        return *std::move(found);
    }

    // For who makes them (bot/commands/argument_spec.hpp).
    void declare(std::string name) { declared_.push_back(std::move(name)); }
    void set(std::string name, value v) { values_.insert_or_assign(std::move(name), std::move(v)); }

private:
    const value* look_up(std::string_view name) const;
    static std::string as_text(std::string_view name, const value&);
    static addressee as_person(std::string_view name, const value&);
    static double as_number(std::string_view name, const value&);
    static std::int64_t as_int(std::string_view name, const value&);
    [[noreturn]] static void throw_absent(std::string_view name);

    std::map<std::string, value, std::less<>> values_;
    std::vector<std::string> declared_;
};

} // namespace postern
