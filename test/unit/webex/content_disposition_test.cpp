#include "postern/webex/content_disposition.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

BOOST_AUTO_TEST_SUITE(content_disposition)

BOOST_AUTO_TEST_CASE(a_file_name_is_found_in_both_forms)
{
    struct
    {
        const char* field;
        const char* name;
    } const rows[] = {
        {R"(attachment; filename="links.csv")", "links.csv"},
        {R"(attachment; filename=links.csv)", "links.csv"},
        {R"(attachment;filename = "links.csv" ; size=3)", "links.csv"},
        {R"(ATTACHMENT; FileName="links.csv")", "links.csv"},
        {R"(attachment; filename="a; b=\"c\".txt")", R"(a; b="c".txt)"},
        {R"(attachment; filename*=UTF-8''%e2%82%ac%20rates.txt)", "\xe2\x82\xac rates.txt"},
        {R"(attachment; filename="EURO rates.txt"; filename*=utf-8'en'%e2%82%ac%20rates.txt)",
         "\xe2\x82\xac rates.txt"},
        {R"(attachment; filename*=utf-8''%e2%82%ac; filename=plain)", "\xe2\x82\xac"},
        {R"(attachment; filename*=iso-8859-1''caf%e9.txt)", "caf\xc3\xa9.txt"},
        {R"(attachment; filename*=koi8-r''%d0; filename=plain.txt)", "plain.txt"}, // a charset we don't know
        {R"(attachment; filename*=utf-8''%ff%fe; filename=plain.txt)", "plain.txt"}, // not what it says
        {R"(attachment; filename*=broken; filename=plain.txt)", "plain.txt"},
        {"attachment; filename=\"caf\xc3\xa9.txt\"", "caf\xc3\xa9.txt"},
        {"attachment; filename=\"caf\xe9.txt\"", "caf\xc3\xa9.txt"}, // Latin-1, as old servers write
        {R"(attachment; filename="never ends)", "never ends"},
        {"attachment", ""},
        {"attachment; filename", ""},
        {"attachment; filename=", ""},
        {"attachment; name=x", ""},
        {"", ""},
        {";;;===;;;", ""},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.field)
    BOOST_TEST(webex::filename_of(row.field) == row.name);
}

BOOST_AUTO_TEST_CASE(a_foreign_name_cannot_leave_its_folder_or_lie_about_itself)
{
    struct
    {
        std::string foreign;
        const char* safe;
    } const rows[] = {
        {"../../etc/passwd", "passwd"},
        {"/etc/passwd", "passwd"},
        {"C:\\Users\\ana\\report.doc", "report.doc"},
        {"..\\..\\boot.ini", "boot.ini"},
        {"folder/", ""},
        {"..", ""},
        {".", ""},
        {" . . ", ""},
        {"  padded.txt  ", "padded.txt"},
        {std::string("a\0b\r\nc\x1b[31m\x7f.txt", 16), "abc[31m.txt"},
        {"c1\xc2\x9b.txt", "c1.txt"},
        {"cod\xe2\x80\xaetxt.exe", "codtxt.exe"},
        {"x\xe2\x81\xa6y\xe2\x81\xa9.txt", "xy.txt"},
        {"\xe2\x82\xac.txt", "\xe2\x82\xac.txt"},
        {".bashrc", ".bashrc"},
    };
    for (const auto& row : rows)
        BOOST_TEST_CONTEXT(row.safe)
    BOOST_TEST(webex::safe_filename(row.foreign) == row.safe);
}

BOOST_AUTO_TEST_CASE(a_percent_encoded_path_is_no_way_out)
{
    BOOST_TEST(webex::filename_of("attachment; filename*=utf-8''..%2f..%2fetc%2fpasswd") == "passwd");
    BOOST_TEST(webex::filename_of("attachment; filename*=utf-8''a%00%0d%0a.txt") == "a.txt");
}

BOOST_AUTO_TEST_CASE(a_long_name_is_cut_between_letters_and_keeps_its_ending)
{
    std::string euros;
    for (int i = 0; i < 300; ++i)
        euros += "\xe2\x82\xac";
    const auto name = webex::safe_filename(euros + ".csv");
    BOOST_TEST(name.size() <= 200u);
    BOOST_TEST(name.size() > 190u);
    BOOST_TEST(name.ends_with("\xe2\x82\xac.csv"));
    BOOST_TEST(webex::safe_filename("a." + std::string(500, 'b')).size() == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
