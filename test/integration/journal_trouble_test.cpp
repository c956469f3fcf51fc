#include "integration/cloud.hpp"
#include "integration/processes.hpp"
#include "integration/talk.hpp"
#include "support/folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <sys/resource.h>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

bool webhook_mode() { return mode_under_test() == "webhook"; }

// One cloud, one postern, a direct room and a group; and a journal that can't be written for a time. Several
// go through their time side by side.
class mishap
{
public:
    mishap(std::string called, std::string said) : name(std::move(called)), words(std::move(said)) {}
    virtual ~mishap() = default;

    void begin() { start(); }

    // Taken, acknowledged, but not handled yet when the mishap comes.
    void fill()
    {
        webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"status", 503}});
        for (std::size_t room = 0; room < people.size(); ++room)
            taken_.push_back(people.ask_in(room));
        for (const auto& message : taken_)
            BOOST_TEST(eventually([&] {
                           return was_read(message) &&
                                  (!webhook_mode() || answer_to(message).value_or(0) / 100 == 2);
                       }),
                       gateway->process->log());
    }

    virtual void strike() = 0;
    virtual void mend() = 0;

    // What comes now can't be kept.
    void meanwhile()
    {
        webex.heal(); // of what kept it from handling
        for (std::size_t room = 0; room < people.size(); ++room)
            refused_.push_back(people.ask_in(room));
    }

    void look_at_it()
    {
        BOOST_TEST(eventually([&] { return !journal_takes() && why().find(words) != std::string::npos; }),
                   "/ready: " << why() << '\n'
                              << gateway->process->log());
        BOOST_TEST(ready_status() == 503u);
        BOOST_TEST(gateway->process->log().find("journal") != std::string::npos);
        if (!webhook_mode())
            return;
        for (const auto& message : refused_)
        {
            BOOST_TEST(eventually([&] { return answer_to(message).has_value(); }));
            BOOST_TEST(answer_to(message).value_or(0) == 503u, gateway->process->log());
        }
    }

    // By itself.
    void recovers()
    {
        BOOST_TEST(eventually([&] { return ready_status() == 200u; }), gateway->process->log());
        people.ask(1);
    }

    void all_is_answered() { people.check_answers(); }

    void end() { gateway->stop(); }

    const std::string name;
    const std::string words; // what /ready says of it
    cloud webex;
    talk people{webex, 1, 1};
    std::optional<server> gateway;

protected:
    virtual child::environment variables() { return {}; }

    void start()
    {
        gateway.emplace(webex, mode_under_test(), std::vector<std::string>{}, variables(), files_.path);
        gateway->ready();
    }

    const folder files_;

private:
    unsigned ready_status()
    {
        return webex.http.call("GET", "http://" + gateway->address() + "/ready").status;
    }

    // What /ready says of the journal.
    json::object part()
    {
        const auto said = webex.http.call("GET", "http://" + gateway->address() + "/ready");
        const auto body = json::parse(said.body).as_object();
        const auto* one = get_object(body.at("parts").as_object(), "journal");
        return one ? *one : json::object{{"ok", true}}; // nothing was to be said of it so far
    }
    bool journal_takes() { return part().at("ok").as_bool(); }
    std::string why() { return text_or(part(), "why"); }

    // What a webhook's delivery of that message was answered; empty: not yet.
    std::optional<unsigned> answer_to(const std::string& message)
    {
        const auto log = webex.http.json_call("GET", webex.control("/deliveries")).as_object();
        for (const auto& item : log.at("items").as_array())
        {
            const auto& one = item.as_object();
            if (text_or(one, "dataId") == message && one.at("ended").as_bool())
                return static_cast<unsigned>(get_int(one, "status").value_or(0));
        }
        return std::nullopt;
    }

    // The bot has asked for that message: it was taken out of the journal, so it is in there.
    bool was_read(const std::string& message)
    {
        const auto log = webex.http.json_call("GET", webex.control("/requests")).as_object();
        for (const auto& item : log.at("items").as_array())
            if (text_or(item.as_object(), "path").find(message) != std::string::npos)
                return true;
        return false;
    }

    std::vector<std::string> taken_, refused_;
};

// A limit on the size of files: every write ends with EFBIG, and a signal that would end the process.
class file_size_limit : public mishap
{
public:
    explicit file_size_limit(std::string called = "file size limit")
        : mishap(std::move(called), "File too large")
    {
    }

    void strike() override { limit(0); }
    void mend() override { limit(RLIM_INFINITY); }

private:
    void limit(rlim_t bytes)
    {
        rlimit now{};
        BOOST_TEST_REQUIRE(::prlimit(gateway->process->pid(), RLIMIT_FSIZE, nullptr, &now) == 0);
        now.rlim_cur = bytes;
        BOOST_TEST_REQUIRE(::prlimit(gateway->process->pid(), RLIMIT_FSIZE, &now, nullptr) == 0);
    }
};

class killed_at_the_limit final : public file_size_limit
{
public:
    killed_at_the_limit() : file_size_limit("killed while it can't write") {}

    void mend() override
    {
        gateway->process->signal(SIGKILL);
        BOOST_TEST(gateway->process->exit_code().value_or(0) == 128 + SIGKILL);
        start();
    }
};

// See shim/faulty_disk.cpp.
class faulty_disk final : public mishap
{
public:
    faulty_disk(std::string order, std::string said)
        : mishap(order, std::move(said)), order_(std::move(order))
    {
    }

    void strike() override { files_.file("trigger", order_, 0600); }
    void mend() override { std::filesystem::remove(trigger_); }

private:
    child::environment variables() override
    {
        return {{"LD_PRELOAD", POSTERN_FAULTY_DISK}, {"POSTERN_FAULTY_DISK", trigger_}};
    }

    const std::string order_;
    const std::string trigger_ = files_.path + "/trigger";
};

class locked_by_another final : public mishap
{
public:
    locked_by_another() : mishap("locked by another program", "lock") {}

    void strike() override
    {
        other_.emplace(files_.path + "/journal.db", SQLite::OPEN_READWRITE, 10'000);
        other_->exec("BEGIN EXCLUSIVE");
    }
    void mend() override { other_.reset(); }

private:
    std::optional<SQLite::Database> other_;
};

using mishaps = std::vector<std::unique_ptr<mishap>>;

mishaps all_mishaps()
{
    mishaps all;
    all.push_back(std::make_unique<file_size_limit>());
    all.push_back(std::make_unique<killed_at_the_limit>());
    all.push_back(std::make_unique<locked_by_another>());
#if !defined(POSTERN_SANITIZED) // its run time must come before anything that is preloaded
    all.push_back(std::make_unique<faulty_disk>("write ENOSPC", "full"));
    all.push_back(std::make_unique<faulty_disk>("write EIO", "Input/output error"));
    all.push_back(std::make_unique<faulty_disk>("sync EIO", "Input/output error"));
#endif
    return all;
}

template <class Step>
void each(const mishaps& all, Step step)
{
    for (const auto& one : all)
        BOOST_TEST_CONTEXT(one->name) { step(*one); }
}

} // namespace

// A disk that is full, failing or in somebody else's hands: said in words, nothing that was taken is lost,
// and it goes on by itself.
BOOST_AUTO_TEST_SUITE(journal_trouble)

BOOST_AUTO_TEST_CASE(while_the_journal_can_t_be_written_nothing_is_taken_and_nothing_lost)
{
    const auto all = all_mishaps();
    each(all, [](mishap& m) { m.begin(); });
    each(all, [](mishap& m) { m.people.ask(1); });
    each(all, [](mishap& m) { m.people.check_answers(); });
    each(all, [](mishap& m) { m.fill(); });
    each(all, [](mishap& m) { m.strike(); });
    each(all, [](mishap& m) { m.meanwhile(); });
    each(all, [](mishap& m) { m.look_at_it(); });
    each(all, [](mishap& m) { m.mend(); });
    each(all, [](mishap& m) { m.recovers(); });
    each(all, [](mishap& m) { m.all_is_answered(); });
    each(all, [](mishap& m) { m.end(); });
}

BOOST_AUTO_TEST_SUITE_END()
