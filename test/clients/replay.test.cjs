// Three recorded clients, played back by ourselves: the same requests and frames as recorded, and the emulator has to
// answer in the shape that they were answered in when they worked (protocol/mercury.md 9.3). What the emulator answers
// otherwise stands here with its reason; anything else fails.
"use strict";
const {cloud, token, rest} = require("./cloud.cjs");
const {Replay, recorded, differences} = require("./trace.cjs");
const assert = require("node:assert/strict");
const {test} = require("node:test");

const limited = {timeout: 30000};

// Why -> what.
const known = {
    "the recorder named services that no client called; an absent one is harmless (9.3)": [
        /catalog: missing \.serviceLinks\.(clientLogs|feature|locus|user|apheleia)$/,
    ],
    "the REST API tells more than the recorder did (protocol/webex-rest.md 4.1, 4.5)": [
        /^GET \/v1\/people\/me: more \.(phoneNumbers|nickName|avatar|status)$/,
        /^POST \/v1\/messages: more \.(roomType|attachments|markdown|html)$/,
    ],
    "every error of the emulator has the REST API's form (protocol/webex-rest.md 1.4)": [
        /^GET \/wdm\/api\/v1\/devices: more \.(errors|trackingId)$/,
    ],
    "our message is formatted, or its activity would have no `content`": [
        /^GET \/(conversation\/api\/)?v1\/messages\/\{id\}: more \.(markdown|html)$/,
    ],
    "the ready signal is that of section 4.3, which has the members of every envelope": [
        /^mercury\.buffer_state: more \.(alertType|headers)$/,
    ],
    "nothing is encrypted yet, and who posts by REST has no correlation id of his own": [
        /^conversation\.activity: missing \.data\.activity\.(encryptionKeyUrl|clientTempId)$/,
    ],
    "all that was registered is repeated, not only what section 3.3 lists": [
        /^POST \/wdm\/api\/v1\/devices: more \.deviceName$/,
    ],
    "the recorder forgot what was posted, and webex_bot could not remove its own message": [
        /^DELETE \/v1\/messages\/\{id\}: status 204 instead of 404$/,
        /^DELETE \/v1\/messages\/\{id\}: undefined \. instead of object$/,
    ],
};
const excuses = Object.values(known).flat();
const excused = new Set();

// Keys, and what is encrypted with them, are not emulated: the client's questions for them are not asked.
function without_keys(entries, left_out) {
    const answers = new Set();
    return entries.filter(entry => {
        const is_question = entry.kind === "http" && entry.url.startsWith("/encryption/");
        const is_answer = entry.json?.data?.eventType === "encryption.kms_message";
        const is_ack = answers.has(entry.json?.messageId);
        if (is_answer)
            answers.add(entry.json.id);
        if (is_question || is_answer || is_ack)
            left_out.push(is_question ? `${entry.method} ${entry.url.replace(/[\w-]{36}$/, "{uuid}")}`
                : is_answer ? "encryption.kms_message" : "its ack");
        return !(is_question || is_answer || is_ack);
    });
}

async function play(t, name, base) {
    const left_out = [];
    const entries = without_keys(recorded(name), left_out);
    const bot = await rest("bot", "GET", "people/me");
    const my_uuid = Buffer.from(bot.id, "base64url").toString().split("/").pop();
    const said = new Map(); // recorded UUID of an activity -> text of the message, as REST tells it later
    for (const entry of entries)
        if (entry.url?.includes("/messages/") && entry.responseBody?.text)
            said.set(Buffer.from(entry.responseBody.id, "base64url").toString().split("/").pop(),
                entry.responseBody.text);

    const replay = new Replay({
        names: {"tok_PF84_1eb65fdf-9643-417f-9974-ad72cae0e10f": token("bot"),
            "1eb65fdf-9643-417f-9974-ad72cae0e10f": token("bot").split("_").pop(), ...base},
        // Every recorded activity was somebody's message to the bot in their direct room.
        ask: activity => rest("alice", "POST", "messages",
            {toPersonEmail: bot.emails[0], markdown: said.get(activity.id)}),
        // A client is told of what it posts itself (protocol/mercury.md 6.3); the recorder did not do that.
        ignore: frame => frame.data?.activity?.actor.entryUUID === my_uuid,
    });
    try {
        for (const entry of entries)
            await replay.say(entry);
    } finally {
        await replay.close();
        assert.equal(await remove_devices(), 1);
    }
    t.diagnostic(`${entries.length} requests and frames as recorded; without encryption: ${left_out.join(", ") || "-"}`);

    const unexplained = replay.differences.filter(one => {
        const fitting = excuses.filter(pattern => pattern.test(one));
        fitting.forEach(pattern => excused.add(pattern));
        return fitting.length === 0;
    });
    assert.deepEqual(unexplained, []);
}

// Clients leave their devices behind, and each recording begins without one.
async function remove_devices() {
    const wdm = new URL("/wdm/api/v1/devices", cloud.api);
    const headers = {Authorization: `Bearer ${token("bot")}`};
    const all = await fetch(wdm, {headers});
    const {devices = []} = await all.json();
    for (const {url} of devices)
        assert.ok((await fetch(url, {method: "DELETE", headers})).ok);
    return devices.length;
}

const sdk = {"http://127.0.0.1:8080/u2c/api/v1": cloud.u2c};
const python = {"https://u2c.wbx2.com/u2c/api/v1": cloud.u2c};

test("the JavaScript SDK 2.60.4 is answered as when it was recorded", limited,
    t => play(t, "webex-js-sdk-2.60", sdk));
test("the JavaScript SDK 3.12.0 is answered as when it was recorded", limited,
    t => play(t, "webex-js-sdk-3.12", sdk));
test("webex_bot 1.3.1 is answered as when it was recorded, in binary frames", limited,
    t => play(t, "webex-bot", python));

test("every excuse is needed", () => assert.deepEqual(excuses.filter(pattern => !excused.has(pattern)), []));

test("differences of shape are found", () => {
    assert.deepEqual(differences({a: 1, b: {c: "x"}, d: [{e: true}], hostCatalog: {"h:1": []}},
        {a: 2, b: {c: "y"}, d: [{e: false}], hostCatalog: {"g:2": []}}), []);
    assert.deepEqual(differences({a: 1, b: {c: "x"}, d: [{e: true}]}, {a: 1.5, d: [{e: null}], f: 0}),
        ["fraction .a instead of integer", "missing .b", "null .d[].e instead of boolean", "more .f"]);
});
