#include "soak/servers.hpp"

#include "postern/base/crypto.hpp"

#include <filesystem>
#include <iostream>

namespace postern::test {

servers::servers(std::string program, const std::string& name)
    : program_(std::move(program)),
      data_dir_((std::filesystem::temp_directory_path() / ("postern-" + name + '-' + random_hex(6))).string())
{
}

servers::~servers()
{
    std::error_code ignored;
    if (keep_)
        std::cout << "the data directory is kept: " << data_dir_ << std::endl;
    else
        std::filesystem::remove_all(data_dir_, ignored);
}

std::unique_ptr<child> servers::start(const emulated_cloud& cloud, const std::string& mode) const
{
    std::vector<std::string> arguments{
        "run",           "--mode",   mode,          "--api-url",  cloud.api_url(), "--u2c-url",
        cloud.u2c_url(), "--listen", "127.0.0.1:0", "--data-dir", data_dir_};
    return std::make_unique<child>(program_, std::move(arguments),
                                   child::environment{{"WEBEX_ACCESS_TOKEN", cloud.bot_token()}});
}

} // namespace postern::test
