// The emulator from outside the client under test: its REST API as anybody, its control API, and a watch on the
// network. Require it before the client.
"use strict";
const assert = require("node:assert/strict");
const dns = require("node:dns");
const {isIP} = require("node:net");

assert.ok(process.env.POSTERN_CLOUD, "POSTERN_CLOUD is the emulator's ready line; run.mjs sets it");
const cloud = JSON.parse(process.env.POSTERN_CLOUD);
const token = who => cloud.tokens[who];

async function call(url, method, body, headers) {
    const answer = await fetch(url, {
        method, body: body && JSON.stringify(body), headers: {"Content-Type": "application/json", ...headers},
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
}

const rest = (who, method, path, body) =>
    call(`${cloud.api}/${path}`, method, body, {Authorization: `Bearer ${token(who)}`});
const control = (method, path, body) => call(`${cloud.control}/${path}`, method, body);

// The public API has no way to wait for a message, so whoever waits for one asks again.
async function eventually(what, probe, patience = 8000) {
    for (const end = Date.now() + patience; Date.now() < end;) {
        const found = await probe();
        if (found)
            return found;
        await new Promise(done => setTimeout(done, 20));
    }
    assert.fail(`${what}: not within ${patience / 1000} s`);
}

// A well-formed id that belongs to nobody and nothing.
const unknown_id = type =>
    Buffer.from(`ciscospark://us/${type}/5b1f0f4e-9d0c-4a53-8a3e-2f6d1c7b9e80`).toString("base64url");

// A client that wants to talk to a real host needs its address first. It gets none, at once, and its wish is noted.
const strangers = [];
const {lookup} = dns;
dns.lookup = (host, ...more) => {
    if (isIP(host))
        return lookup(host, ...more);
    strangers.push(host);
    process.nextTick(more.at(-1), Object.assign(new Error(`no traffic to ${host} in a test`), {code: "ENOTFOUND"}));
};

module.exports = {cloud, token, rest, control, eventually, unknown_id, strangers, bot_email: "postern@webex.bot"};
