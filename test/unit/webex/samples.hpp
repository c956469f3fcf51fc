#pragma once

#include <string_view>

// The sample answers of protocol/webex-rest.md 2.4, 4 and 9.2: field order and form are those of the live
// service.
namespace postern::test::samples {

inline constexpr std::string_view bot_id =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA";
inline constexpr std::string_view ana_id =
    "Y2lzY29zcGFyazovL3VzL1BFT1BMRS83ZTJkOWE0NC0wZjNiLTRjNjgtOGExZC01YjljNmU3ZjgwMTI";
inline constexpr std::string_view room_id =
    "Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz";
inline constexpr std::string_view org_id =
    "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zYzlmMmFiMS01ZTQ3LTRkMGMtYjZhOC05MGQxZTJmM2E0YjU";
inline constexpr std::string_view reply_id =
    "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDdmOTAyYjQ2";
inline constexpr std::string_view root_id =
    "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvNzEzYmU0MDAtMDcyOS0xMWYxLWE2ZTQtMWQzZjViN2M5ZTgw";
inline constexpr std::string_view membership_id = "Y2lzY29zcGFyazovL3VzL01FTUJFUlNISVAvMWI2ZjBjNTItN2QwZS00Yj"
                                                  "FhLTljNTUtMmYzYThlNmQ0YzEwOmE5Njg2MWUwLWZmOGMtMTFm"
                                                  "MC04YjJhLTZkNGU1ZjYwMTcyMw";
inline constexpr std::string_view file_url =
    "https://webexapis.com/v1/contents/"
    "Y2lzY29zcGFyazovL3VzL0NPTlRFTlQvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDdmOTAyYjQ2LzA";

inline constexpr std::string_view person = R"({
"id":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA","emails":["postern-gw@webex.bot"],
"phoneNumbers":[],"displayName":"Postern Gateway","nickName":"Postern",
"avatar":"https://avatar.example.net/V1~postern/1600",
"orgId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zYzlmMmFiMS01ZTQ3LTRkMGMtYjZhOC05MGQxZTJmM2E0YjU",
"created":"2026-01-19T08:02:11.604Z","status":"unknown","type":"bot"})";

inline constexpr std::string_view room = R"({
"id":"Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz","title":"Night shift",
"type":"group","isLocked":false,"lastActivity":"2026-02-11T09:14:27.301Z",
"creatorId":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS83ZTJkOWE0NC0wZjNiLTRjNjgtOGExZC01YjljNmU3ZjgwMTI",
"created":"2026-02-01T16:40:05.118Z",
"ownerId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zYzlmMmFiMS01ZTQ3LTRkMGMtYjZhOC05MGQxZTJmM2E0YjU",
"isPublic":false,"isReadOnly":false})";

inline constexpr std::string_view undecrypted_room = R"({
"id":"Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz",
"title":"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..k9","type":"group",
"errors":{"title":{"code":"kms_failure","reason":"Key management server failed to respond appropriately."}}})";

inline constexpr std::string_view membership = R"({
"id":"Y2lzY29zcGFyazovL3VzL01FTUJFUlNISVAvMWI2ZjBjNTItN2QwZS00YjFhLTljNTUtMmYzYThlNmQ0YzEwOmE5Njg2MWUwLWZmOGMtMTFmMC04YjJhLTZkNGU1ZjYwMTcyMw",
"roomId":"Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz","roomType":"group",
"personId":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA",
"personEmail":"postern-gw@webex.bot","personDisplayName":"Postern Gateway",
"personOrgId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zYzlmMmFiMS01ZTQ3LTRkMGMtYjZhOC05MGQxZTJmM2E0YjU",
"isModerator":false,"isMonitor":false,"isRoomHidden":false,"created":"2026-02-01T16:41:00.552Z"})";

// A mention in a group, as a reply in a thread.
inline constexpr std::string_view message = R"({
"id":"Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMTA4ZWM5NTAtMDcyYS0xMWYxLWIxYzctM2U1ZDdmOTAyYjQ2",
"roomId":"Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz","roomType":"group",
"text":"Postern status please","personId":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS83ZTJkOWE0NC0wZjNiLTRjNjgtOGExZC01YjljNmU3ZjgwMTI",
"personEmail":"ana@example.com",
"html":"<p><spark-mention data-object-type=\"person\" data-object-id=\"Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA\">Postern</spark-mention> status please</p>",
"mentionedPeople":["Y2lzY29zcGFyazovL3VzL1BFT1BMRS8xYjZmMGM1Mi03ZDBlLTRiMWEtOWM1NS0yZjNhOGU2ZDRjMTA"],
"created":"2026-02-11T09:14:27.301Z",
"parentId":"Y2lzY29zcGFyazovL3VzL01FU1NBR0UvNzEzYmU0MDAtMDcyOS0xMWYxLWE2ZTQtMWQzZjViN2M5ZTgw"})";

inline constexpr std::string_view action = R"({
"id":"Y2lzY29zcGFyazovL3VzL0FUVEFDSE1FTlRfQUNUSU9OL2VmNTFjMzkwLTA3MmEtMTFmMS05ZTNjLTRmNmE4YjBjMmQxZQ","type":"submit",
"messageId":"Y2lzY29zcGFyazovL3VzL01FU1NBR0UvYjMxOTVhMDAtMDcyYS0xMWYxLTgyYWYtNGI2YzhkMGUyZjMx",
"inputs":{"link":"b","mute":"no","note":"on it","op":"ack"},
"personId":"Y2lzY29zcGFyazovL3VzL1BFT1BMRS83ZTJkOWE0NC0wZjNiLTRjNjgtOGExZC01YjljNmU3ZjgwMTI",
"roomId":"Y2lzY29zcGFyazovL3VzL1JPT00vYTk2ODYxZTAtZmY4Yy0xMWYwLThiMmEtNmQ0ZTVmNjAxNzIz",
"created":"2026-02-11T09:20:41.033Z"})";

inline constexpr std::string_view webhook = R"({
"id":"Y2lzY29zcGFyazovL3VzL1dFQkhPT0svZTA3YjNjOWEtMThkNC00ZjYyLWE1YjktYzZkN2U4ZjkwYTFi","name":"postern messages",
"targetUrl":"https://gw.example.net/hooks/webex","resource":"messages","event":"created",
"filter":"roomType=direct","secret":"kR7-demo-secret",
"orgId":"Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zYzlmMmFiMS01ZTQ3LTRkMGMtYjZhOC05MGQxZTJmM2E0YjU",
"ownedBy":"creator","status":"active","created":"2026-02-11T09:00:00.214Z"})";

} // namespace postern::test::samples
