#pragma once

#include "integration/child.hpp"
#include "soak/emulated_cloud.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::test {

// `postern run`, again and again on one data directory.
class servers
{
public:
    servers(std::string program, const std::string& name);
    ~servers(); // removes the directory

    std::unique_ptr<child> start(const emulated_cloud&, const std::string& mode) const;
    std::string journal() const { return data_dir_ + "/journal.db"; }
    void keep_files(bool keep) { keep_ = keep; } // says where they are

private:
    const std::string program_, data_dir_;
    bool keep_ = false;
};

} // namespace postern::test
