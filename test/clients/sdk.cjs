// The official JavaScript SDK, and what must be put up with to use it.
"use strict";
const {unknown_id} = require("./cloud.cjs"); // first: it watches the network
const Webex = require("webex");

const nobody = unknown_id("PEOPLE");

const all = [];

// As soon as it is ready it registers a device and connects, whether it is asked to listen or not.
function as(access_token) {
    // The wait for a device service, seconds: its timer outlives the tests, and 10 is the SDK's own choice.
    const config = {device: {canRegisterWaitDuration: 2}, logger: {level: "silent"}};
    all.push(Webex.init({config, credentials: {access_token}}));
    return all.at(-1);
}

// Without it the process would live on: for connections, and for the minute that the SDK waits for a catalogue that it
// was refused.
async function leave() {
    for (const {internal} of all) {
        await internal.mercury.disconnect();
        await internal.device.unregister();
        internal.services._getCatalog().trigger("postauth");
    }
}

// Rejected promises of the SDK that nobody holds, whatever we do; `more` says yes to those of one test. Every other one
// is node:test's affair, as without us.
function tolerate_the_sdk_s_strays(more = () => false) {
    const is_stray = reason =>
        // As soon as it is ready it asks for an encryption key and forgets the question (protocol/mercury.md 9.3); the
        // emulator has no keys, and no device to ask with for a token that it does not know.
        /\/encryption\/api\/v1\/kms\/|POST .*\/wdm\/api\/v1\/devices/.test(reason?.message) ||
        // Its batches keep a second promise for each request (webex-core, batcher.js, request).
        reason === nobody || more(reason);
    const reporters = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason, promise) => {
        if (is_stray(reason))
            return;
        if (reporters.length === 0)
            throw reason;
        for (const report of reporters)
            report.call(process, reason, promise);
    });
}

async function ready(access_token) {
    const webex = as(access_token);
    await new Promise(done => webex.once("ready", done));
    return webex;
}

module.exports = {as, ready, leave, nobody, tolerate_the_sdk_s_strays};
