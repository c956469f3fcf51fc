#pragma once

#include "postern/base/values_port.hpp"
#include "postern/journal/sqlite/call.hpp"
#include "postern/journal/sqlite/desk.hpp"

#include <optional>
#include <string>
#include <vector>

// What the journal's thread does for bots that remember something.
namespace postern::journal::sqlite {

class get_value_call final : public call_for<std::optional<std::string>>
{
public:
    get_value_call(std::string scope, std::string key, deadline);
    bool reads_only() const override { return true; }
    void perform(desk&) override;

private:
    const std::string scope_, key_;
};

class list_values_call final : public call_for<std::vector<values_port::key_and_value>>
{
public:
    list_values_call(std::string scope, std::string prefix, std::size_t most, deadline);
    bool reads_only() const override { return true; }
    void perform(desk&) override;

private:
    const std::string scope_, prefix_;
    const std::size_t most_;
};

class put_value_call final : public call_for<void>
{
public:
    put_value_call(std::string scope, std::string key, std::string value, deadline);
    void perform(desk&) override;

private:
    const std::string scope_, key_, value_;
};

class replace_value_call final : public call_for<bool>
{
public:
    replace_value_call(std::string scope, std::string key, std::optional<std::string> expected,
                       std::string value, deadline);
    void perform(desk&) override;

private:
    const std::string scope_, key_, value_;
    const std::optional<std::string> expected_;
};

class erase_value_call final : public call_for<bool>
{
public:
    erase_value_call(std::string scope, std::string key, deadline);
    void perform(desk&) override;

private:
    const std::string scope_, key_;
};

} // namespace postern::journal::sqlite
