// Webex's own bot framework for Node.js as a bot in the emulator: it sets up its webhooks, computes each signature anew
// over JSON.stringify() of what it parsed, and drops what does not agree.
"use strict";
const {cloud, token, rest, control, eventually, strangers, bot_email} = require("./cloud.cjs");
const assert = require("node:assert/strict");
const {createHmac, randomBytes} = require("node:crypto");
const {once} = require("node:events");
const {createReadStream, writeFileSync} = require("node:fs");
const {createServer} = require("node:http");
const {tmpdir} = require("node:os");
const {join} = require("node:path");
const {after, before, test} = require("node:test");
const Framework = require("webex-node-bot-framework");
const webhook_of = require("webex-node-bot-framework/webhook");

const limited = {timeout: 30000};
const deliveries = []; // {body, signature, handled}
let framework, server, alice;

before(async () => {
    alice = await rest("alice", "GET", "people/me");
    await rest("bot", "POST", "webhooks",
        {name: "of yesterday", targetUrl: "http://127.0.0.1:9/", resource: "messages", event: "created"});
    server = createServer(receive);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    framework = new Framework({
        token: token("bot"), webhookUrl: `http://127.0.0.1:${server.address().port}/framework`, webhookSecret: "käse",
        messageFormat: "markdown",
    });
    const initialised = heard("initialized");
    await framework.start();
    await initialised;
    await eventually("both webhooks", () => framework.cardsWebhook.id); // they are made beside the rest of the start
}, limited);

after(async () => {
    await framework?.stop();
    server.close();
    server.closeAllConnections();
});

// What express does for the framework.
async function receive(request, response) {
    const chunks = [];
    for await (const chunk of request)
        chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    request.body = JSON.parse(body);
    response.status = code => { response.statusCode = code; };
    response.send = text => response.end(text);
    const handled = webhook_of(framework)(request, response);
    deliveries.push({body, signature: request.headers["x-spark-signature"], handled});
}

const heard = event => once(framework, event, {signal: AbortSignal.timeout(8000)});

const rooms_of = async who => (await rest(who, "GET", "rooms")).items;
const room_named = async title => (await rooms_of("alice")).find(room => room.title === title);
const post = (room, markdown) => rest("alice", "POST", "messages", {roomId: room.id, markdown});
const mention = `<@personEmail:${bot_email}|Postern>`;

const answer_to = asked => eventually("the bot's answer", async () => {
    const {items} = await rest("alice", "GET", `messages?roomId=${asked.roomId}`);
    const newer = items.slice(0, items.findIndex(message => message.id === asked.id));
    return newer.find(message => message.personEmail === bot_email);
});

test("it starts as it does in the cloud, and puts its webhooks in place of older ones", limited, async () => {
    const short = path => path.replace("/v1/", "").replace(/\/\w{50,}/, "/{id}");
    const trace = (await control("GET", "requests")).items.filter(request => request.who === "bot")
        .map(({method, path, status}) => `${method} ${short(path)} ${status}`);
    const start = trace.slice(trace.indexOf("GET people/me 200")); // before it, the webhook of yesterday
    assert.deepEqual(start.filter(line => / (people\/me|webhooks)/.test(line)), // protocol/webex-rest.md 10.4
        ["GET people/me 200", "GET webhooks 200", "DELETE webhooks/{id} 204",
            "POST webhooks 200", "POST webhooks 200"]);
    assert.ok(start.includes("GET memberships?max=1000 200"), start.join("\n"));
    assert.equal(start.filter(line => line === "GET rooms/{id} 200").length, 3, start.join("\n"));

    assert.equal(framework.isBotAccount, true);
    assert.equal(framework.person.displayName, "Postern");
    assert.equal(framework.bots.length, 3);
    assert.deepEqual(framework.bots.filter(bot => bot.isDirect).map(bot => bot.isDirectTo), ["alice@example.com"]);

    const hooks = (await rest("bot", "GET", "webhooks")).items;
    assert.deepEqual(hooks.map(hook => `${hook.resource}/${hook.event}`).sort(),
        ["all/all", "attachmentActions/created"]);
    const name = Buffer.from(`${new URL(hooks[0].targetUrl).host} ${bot_email}`).toString("base64");
    assert.deepEqual(hooks.map(hook => hook.name), [name, name]);
});

test("who mentions it in a group is heard and answered", limited, async () => {
    let who;
    framework.hears(/ping$/, (bot, trigger) => {
        who = trigger.person;
        bot.say("**pong** to %s", trigger.args.join(" "));
    });
    const answer = await answer_to(await post(await room_named("Night shift"), `${mention} ping`));
    assert.equal(answer.text, "pong to Postern ping");
    assert.equal(answer.markdown, "**pong** to Postern ping");
    assert.deepEqual([who.id, who.displayName], [alice.id, "Alice Adams"]);
});

test("it answers in the direct room as well, without a mention", limited, async () => {
    const room = (await rooms_of("alice")).find(one => one.type === "direct");
    assert.equal((await answer_to(await post(room, "ping"))).text, "pong to ping");
});

test("a name in any script goes through, by its signature too", limited, async () => {
    const displayName = "Zoë 🚪 \"O'Hara\" \\ </b> \u2028 \u007f \u0001 \t 名前";
    await control("POST", "people", {name: "zoe", email: "zoe@example.com", displayName, organisation: "Example"});
    const spawned = heard("spawn");
    const room = await rest("alice", "POST", "rooms", {title: displayName});
    await rest("alice", "POST", "memberships", {roomId: room.id, personEmail: bot_email});
    const [bot] = await spawned;
    assert.equal(bot.room.title, displayName);
    const entered = heard("memberEnters");
    await rest("alice", "POST", "memberships", {roomId: room.id, personEmail: "zoe@example.com"});
    assert.equal((await entered)[1].personDisplayName, displayName);
    const told = deliveries.find(one => JSON.parse(one.body).data.personEmail === "zoe@example.com");
    assert.equal(JSON.parse(told.body).data.personDisplayName, displayName); // it was in what was signed

    framework.hears("repeat", (where, trigger) => where.say("text", trigger.message.text.replace(/^.*repeat /, "")));
    assert.equal((await answer_to(await post(room, `${mention} repeat 名前 🚪 Zoë`))).text, "名前 🚪 Zoë");
    await rest("alice", "DELETE", `rooms/${room.id}`);
});

test("a delivery with a forged signature is dropped, the same one with its own is heard", limited, async () => {
    let count = 0;
    framework.hears("tally", () => ++count);
    const group = await room_named("Night shift");
    const asked = await post(group, `${mention} tally`);
    await eventually("the message", () => count === 1);
    const genuine = deliveries.find(one => JSON.parse(one.body).data.id === asked.id);
    assert.match(genuine.signature, /^[0-9a-f]{40}$/);

    const deliver = async signature => {
        const before = deliveries.length;
        const answer = await fetch(framework.options.webhookUrl,
            {method: "POST", body: genuine.body, headers: {"X-Spark-Signature": signature}});
        assert.equal(answer.status, 200);
        await deliveries[before].handled;
    };
    await deliver(genuine.signature.replace(/.$/, last => (last === "0" ? "1" : "0")));
    assert.equal(count, 1);
    await deliver(genuine.signature);
    assert.equal(count, 2);
});

test("a card it sends comes back filled in", limited, async () => {
    const group = await room_named("Night shift");
    const bot = framework.bots.find(one => one.room.id === group.id);
    const card = await bot.sendCard({
        type: "AdaptiveCard", version: "1.2", body: [{type: "Input.Text", id: "why"}],
        actions: [{type: "Action.Submit", title: "Send", data: {form: "leave"}}],
    }, "a form");
    const pressed = heard("attachmentAction");
    await control("POST", "press", {person: "alice", messageId: card.id, action: "Send", inputs: {why: "sun"}});
    const [where, trigger] = await pressed;
    assert.equal(where, bot);
    assert.deepEqual(trigger.attachmentAction.inputs, {form: "leave", why: "sun"});
    assert.equal(trigger.attachmentAction.messageId, card.id);
    assert.equal(trigger.person.displayName, "Alice Adams");
});

test("a file it sends arrives, and one sent to it is announced", limited, async () => {
    const bytes = randomBytes(5000);
    writeFileSync(join(tmpdir(), "log.bin"), bytes);
    const group = await room_named("Night shift");
    const bot = framework.bots.find(one => one.room.id === group.id);
    const sent = await bot.uploadStream(createReadStream(join(tmpdir(), "log.bin")));
    const fetched = await fetch(sent.files[0], {headers: {Authorization: `Bearer ${token("alice")}`}});
    assert.equal(fetched.headers.get("content-disposition"), 'attachment; filename="log.bin"');
    assert.ok(bytes.equals(Buffer.from(await fetched.arrayBuffer())));

    const form = new FormData();
    form.append("roomId", group.id);
    form.append("markdown", `${mention} read this`);
    form.append("files", new Blob([bytes]), "read me.bin");
    const announced = heard("files");
    const posted = await fetch(`${cloud.api}/messages`,
        {method: "POST", body: form, headers: {Authorization: `Bearer ${token("alice")}`}});
    assert.equal(posted.status, 200);
    const [, trigger] = await announced;
    assert.deepEqual(trigger.message.files, (await posted.json()).files);
});

test("it learns that it was let into a room, who else comes and goes, and that it left", limited, async () => {
    const spawned = heard("spawn");
    const room = await rest("alice", "POST", "rooms", {title: "Annex"});
    await rest("alice", "POST", "memberships", {roomId: room.id, personEmail: bot_email});
    const [bot, , added_by] = await spawned;
    assert.equal(bot.room.title, "Annex");
    assert.equal(added_by, alice.id);

    const entered = heard("memberEnters");
    const bob = await rest("alice", "POST", "memberships", {roomId: room.id, personEmail: "bob@example.com"});
    assert.deepEqual((await entered)[1], bob);
    const exited = heard("memberExits");
    await rest("alice", "DELETE", `memberships/${bob.id}`);
    assert.equal((await exited)[1].personEmail, "bob@example.com");

    const renamed = heard("roomRenamed");
    await rest("alice", "PUT", `rooms/${room.id}`, {title: "Tower"});
    assert.equal((await renamed)[1].title, "Tower");

    const gone = heard("despawn");
    assert.equal(await bot.exit(), true);
    assert.equal((await gone)[0], bot);
    await rest("alice", "DELETE", `rooms/${room.id}`);
});

test("every delivery carried the signature that the framework computes", async () => {
    assert.ok(deliveries.length > 10);
    for (const {body} of deliveries)
        assert.equal(JSON.stringify(JSON.parse(body)), body);
    const sent = (await control("GET", "deliveries")).items;
    assert.deepEqual(sent.filter(one => one.ended && one.status !== 200), []);
    const own = deliveries.filter(({body, signature}) =>
        signature === createHmac("sha1", "käse").update(body).digest("hex"));
    assert.equal(own.length, deliveries.length - 1); // the forged one
});

test("the framework looked for no other host", () => assert.deepEqual(strangers, []));
