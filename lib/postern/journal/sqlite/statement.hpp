#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>

namespace postern::journal::sqlite {

// One use of a prepared statement: values are bound in their order, and it is reset at the end, because one
// that is not keeps the write-ahead log from being emptied. Texts and blobs must outlive the use.
// Throws SQLite::Exception.
class use
{
public:
    explicit use(SQLite::Statement& s) : statement_(s) {}
    ~use() { statement_.tryReset(); }
    use(const use&) = delete;

    use& operator<<(std::integral auto value)
    {
        statement_.bind(++bound_, static_cast<std::int64_t>(value));
        return *this;
    }
    use& operator<<(const std::string& text)
    {
        statement_.bindNoCopy(++bound_, text);
        return *this;
    }
    use& operator<<(std::span<const unsigned char> blob)
    {
        statement_.bindNoCopy(++bound_, blob.data(), static_cast<int>(blob.size()));
        return *this;
    }
    use& null()
    {
        statement_.bind(++bound_);
        return *this;
    }

    void run() { statement_.exec(); }
    int changes() { return statement_.exec(); }

    bool row() { return statement_.executeStep(); }
    std::int64_t number(int column) { return statement_.getColumn(column).getInt64(); }
    std::string text(int column) { return statement_.getColumn(column).getString(); }
    bool is_null(int column) { return statement_.isColumnNull(column); }

private:
    SQLite::Statement& statement_;
    int bound_ = 0;
};

} // namespace postern::journal::sqlite
