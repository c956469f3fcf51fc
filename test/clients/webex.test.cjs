// The official JavaScript SDK as its users run it: as Alice, who writes to the bot and keeps house. None of this needs
// a websocket; listen.test.cjs does.
"use strict";
const {token, rest, control, eventually, unknown_id, strangers, bot_email} = require("./cloud.cjs");
const assert = require("node:assert/strict");
const {randomBytes} = require("node:crypto");
const {createReadStream, writeFileSync} = require("node:fs");
const {tmpdir} = require("node:os");
const {basename, join} = require("node:path");
const {after, before, test} = require("node:test");
const {as, ready, leave, nobody, tolerate_the_sdk_s_strays} = require("./sdk.cjs");

const limited = {timeout: 30000};
let webex, me;

before(async () => {
    tolerate_the_sdk_s_strays();
    webex = await ready(token("alice"));
    me = await webex.people.get("me");
}, limited);

after(leave, limited);

async function room_named(title) {
    const rooms = await webex.rooms.list();
    return rooms.items.find(room => room.title === title);
}

// A room of Alice's own for the time of a test.
async function in_a_room(title, run) {
    const room = await webex.rooms.create({title});
    try {
        await run(room);
    } finally {
        await webex.rooms.remove(room);
    }
}

async function all_of(page) {
    const lengths = [page.length], items = [...page.items];
    while (page.hasNext()) {
        page = await page.next();
        lengths.push(page.length);
        items.push(...page.items);
    }
    return {lengths, items};
}

// What the bot wrote after that message of ours.
const answer_to = asked => eventually("the bot's answer", async () => {
    const {items} = await webex.messages.list({roomId: asked.roomId});
    const newer = items.slice(0, items.findIndex(message => message.id === asked.id));
    return newer.find(message => message.personEmail === bot_email);
});

async function refused(promise, status) {
    const error = await promise.then(() => assert.fail(`expected ${status}`), reason => reason);
    assert.equal(error.statusCode, status, error.stack);
    return error;
}

test("the SDK learns who it is", limited, async () => {
    assert.equal(webex.version, "2.60.4");
    assert.equal(me.displayName, "Alice Adams");
    assert.deepEqual(me.emails, ["alice@example.com"]);
    assert.equal(me.type, "person");
    assert.match(Buffer.from(me.id, "base64url").toString(), /^ciscospark:\/\/us\/PEOPLE\/[0-9a-f-]{36}$/);
    assert.match(Buffer.from(me.orgId, "base64url").toString(), /^ciscospark:\/\/us\/ORGANIZATION\/[0-9a-f-]{36}$/);
});

test("the SDK takes the service catalogue", limited, async () => {
    await webex.internal.services.waitForCatalog("postauth", 2);
    assert.equal(webex.internal.services.get("hydra"), process.env.HYDRA_SERVICE_URL);
});

test("Alice's rooms are the group and the room she has with the bot", limited, async () => {
    const {items} = await webex.rooms.list();
    const group = items.find(room => room.title === "Night shift");
    assert.equal(group.type, "group");
    assert.equal(group.isLocked, false);
    const direct = items.filter(room => room.type === "direct");
    assert.deepEqual(direct.map(room => room.title), ["Postern"]); // the other one's name
    assert.deepEqual((await webex.rooms.list({type: "direct"})).items, direct);

    const {lengths, items: one_by_one} = await all_of(await webex.rooms.list({max: 1}));
    assert.ok(lengths.length >= items.length);
    assert.deepEqual(one_by_one.map(room => room.id).sort(), items.map(room => room.id).sort());
});

test("who mentions the bot in a group is answered", limited, async () => {
    const group = await room_named("Night shift");
    const asked = await webex.messages.create(
        {roomId: group.id, markdown: `<@personEmail:${bot_email}|Postern> /echo hi`});
    const [bot] = (await webex.people.list({email: bot_email})).items;
    assert.equal(bot.type, "bot");
    assert.equal(asked.roomType, "group");
    assert.equal(asked.personId, me.id);
    assert.equal(asked.text, "Postern /echo hi");
    assert.deepEqual(asked.mentionedPeople, [bot.id]);
    assert.match(asked.html, new RegExp(`<spark-mention [^>]*data-object-id="${bot.id}"[^>]*>Postern</spark-mention>`));

    const answer = await answer_to(asked);
    assert.equal(answer.text, "hi");
    assert.equal(answer.personId, bot.id);
    assert.equal(answer.roomId, group.id);
    assert.ok(answer.created > asked.created);
});

test("who writes to the bot's address is answered in the direct room", limited, async () => {
    const asked = await webex.messages.create({toPersonEmail: bot_email, text: "/echo just us"});
    assert.equal(asked.roomType, "direct");
    assert.equal(asked.roomId, (await room_named("Postern")).id);
    assert.equal((await answer_to(asked)).text, "just us");
});

test("120 messages come in three pages, newest first, each once", limited, () => in_a_room("Many words", async room => {
    const written = [];
    for (let i = 0; i < 120; ++i)
        written.unshift((await webex.messages.create({roomId: room.id, text: `number ${i}`})).id);
    const {lengths, items} = await all_of(await webex.messages.list({roomId: room.id, max: 50}));
    assert.deepEqual(lengths, [50, 50, 20]);
    assert.deepEqual(items.map(message => message.id), written);
    assert.equal(items[0].text, "number 119");
}));

test("a file comes back byte by byte", limited, () => in_a_room("Files", async room => {
    const bytes = Buffer.concat([Buffer.from([0, 255, 13, 10, 45, 45]), randomBytes(100000)]);
    const path = join(tmpdir(), "night watch.bin");
    writeFileSync(path, bytes);

    for (const [file, name] of [[bytes, undefined], [createReadStream(path), basename(path)]]) {
        const posted = await webex.messages.create({roomId: room.id, text: "see there", files: [file]});
        assert.equal(posted.text, "see there");
        assert.equal(posted.files.length, 1);
        const answer = await webex.request({uri: posted.files[0], responseType: "buffer"});
        assert.equal(answer.statusCode, 200);
        assert.equal(Number(answer.headers["content-length"]), bytes.length);
        assert.ok(bytes.equals(answer.body));
        if (name)
            assert.equal(answer.headers["content-disposition"], `attachment; filename="${name}"`);
        await refused(as(token("carol")).request({uri: posted.files[0]}), 404); // she is not in the room
    }
}));

test("several people are asked for in one request, and who is nobody is refused", limited, async () => {
    const members = (await webex.memberships.list({roomId: (await room_named("Night shift")).id})).items;
    const ids = members.map(member => member.personId);
    assert.equal(ids.length, 3);
    const asked_before = await people_requests();
    const found = await Promise.allSettled([...ids, nobody].map(id => webex.people.get(id)));
    assert.deepEqual(found.slice(0, 3).map(one => one.value?.id), ids);
    assert.deepEqual(found.slice(0, 3).map(one => one.value?.displayName),
        members.map(member => member.personDisplayName));
    assert.deepEqual(found[3], {status: "rejected", reason: nobody});
    assert.equal(await people_requests() - asked_before, 1);

    const uuid = Buffer.from(ids[1], "base64url").toString().split("/").pop();
    assert.equal((await webex.people.get(uuid)).id, ids[1]);
});

test("a member comes and goes, a moderator closes the door", limited, () => in_a_room("Small circle", async room => {
    const bob = await webex.memberships.create({roomId: room.id, personEmail: "bob@example.com"});
    assert.equal(bob.roomId, room.id);
    assert.equal(bob.personEmail, "bob@example.com");
    assert.equal(bob.personDisplayName, "Bob Brown");
    assert.equal(bob.isModerator, false);
    await refused(webex.memberships.create({roomId: room.id, personEmail: "bob@example.com"}), 409);
    assert.deepEqual(await webex.memberships.get(bob.id), bob);
    const {items} = await webex.memberships.list({roomId: room.id});
    assert.deepEqual(items.map(member => member.personEmail).sort(), ["alice@example.com", "bob@example.com"]);

    const mine = items.find(member => member.personId === me.id);
    const raised = await webex.memberships.update({...mine, isModerator: true});
    assert.equal(raised.isModerator, true);
    assert.equal(raised.id, mine.id);
    assert.equal((await webex.rooms.get(room)).isLocked, true);

    await webex.memberships.remove(bob);
    await refused(webex.memberships.get(bob.id), 404);
    assert.deepEqual((await webex.memberships.list({roomId: room.id})).items.map(member => member.id), [mine.id]);
}));

test("a room is made, renamed, found and removed", limited, async () => {
    const made = await webex.rooms.create({title: "Night watch"});
    assert.equal(made.title, "Night watch");
    assert.equal(made.type, "group");
    assert.equal(made.creatorId, me.id);
    const renamed = await webex.rooms.update({...made, title: "Day watch"});
    assert.equal(renamed.id, made.id);
    assert.equal(renamed.title, "Day watch");
    assert.equal((await webex.rooms.get(made)).title, "Day watch");
    await webex.rooms.remove(made);
    await refused(webex.rooms.get(made), 404);
    assert.equal(await room_named("Day watch"), undefined);
});

test("a webhook is made, listed, found, changed and removed", limited, async () => {
    const group = await room_named("Night shift");
    const wish = {
        name: "Alice's", targetUrl: "http://127.0.0.1:9/nowhere", resource: "messages", event: "created",
        filter: `roomId=${group.id}`, secret: "quiet",
    };
    const made = await webex.webhooks.create(wish);
    for (const [key, value] of Object.entries(wish))
        assert.equal(made[key], value, key);
    assert.equal(made.status, "active");
    assert.equal(made.ownedBy, "creator");
    assert.equal(made.createdBy, me.id);
    assert.deepEqual((await webex.webhooks.list()).items, [made]);
    assert.deepEqual(await webex.webhooks.get(made), made);

    const changed = await webex.webhooks.update({...made, name: "Still Alice's", targetUrl: "http://127.0.0.1:9/else"});
    assert.equal(changed.id, made.id);
    assert.equal(changed.name, "Still Alice's");
    assert.equal(changed.targetUrl, "http://127.0.0.1:9/else");
    assert.equal(changed.filter, made.filter);

    await webex.webhooks.remove(changed);
    await refused(webex.webhooks.get(changed), 404);
    assert.deepEqual((await webex.webhooks.list()).items, []);
});

test("a card is filled in and sent", limited, async () => {
    const group = await room_named("Night shift");
    const content = {
        type: "AdaptiveCard", version: "1.2", body: [{type: "Input.Date", id: "due"}],
        actions: [{type: "Action.Submit", title: "Send"}],
    };
    const posted = await rest("bob", "POST", "messages", {
        roomId: group.id, text: "a card",
        attachments: [{contentType: "application/vnd.microsoft.card.adaptive", content}],
    });
    const seen = await webex.messages.get(posted.id);
    assert.deepEqual(seen.attachments[0].content, content);

    const sent = await webex.attachmentActions.create(
        {type: "submit", messageId: posted.id, inputs: {due: "2026-11-30"}});
    assert.equal(sent.type, "submit");
    assert.equal(sent.messageId, posted.id);
    assert.equal(sent.roomId, group.id);
    assert.equal(sent.personId, me.id);
    assert.deepEqual(sent.inputs, {due: "2026-11-30"});
    assert.deepEqual(await webex.attachmentActions.get(sent.id), sent);
    await refused(webex.attachmentActions.create({type: "submit", messageId: unknown_id("MESSAGE"), inputs: {}}), 404);
});

test("a message is changed, and its answers hang on it", limited, () => in_a_room("Second thoughts", async room => {
    const first = await webex.messages.create({roomId: room.id, text: "frist"});
    const changed = await webex.messages.update(first, {markdown: "**first**"});
    assert.equal(changed.id, first.id);
    assert.equal(changed.text, "first");
    assert.match(changed.html, /<strong>first<\/strong>/);
    assert.ok(changed.updated > first.created);
    assert.equal((await webex.messages.get(first)).text, "first");

    const answer = await webex.messages.create({roomId: room.id, parentId: first.id, text: "second"});
    assert.equal(answer.parentId, first.id);
    const thread = await webex.messages.list({roomId: room.id, parentId: first.id});
    assert.deepEqual(thread.items.map(message => message.id), [answer.id]);
}));

test("a message that was removed is gone", limited, () => in_a_room("Regrets", async room => {
    const said = await webex.messages.create({roomId: room.id, text: "I quit"});
    await webex.messages.remove(said);
    await refused(webex.messages.get(said), 404);
    assert.deepEqual((await webex.messages.list({roomId: room.id})).items, []);
    await refused(webex.messages.remove(said), 404);
}));

test("an error says what happened and how support finds it", limited, async () => {
    const error = await refused(webex.rooms.get(unknown_id("ROOM")), 404);
    assert.ok(error.message.includes(error.body.message), "the SDK found the words");
    assert.match(error.body.trackingId, /^[\w-]{20,}$/);
    assert.equal(error.headers.trackingid, error.body.trackingId);
    assert.equal(error.body.errors[0].description, error.body.message);

    const unknown = as(token("alice").replace(/^[^_]+/, "never-issued"));
    assert.match((await refused(unknown.people.get("me"), 401)).message, /valid access token/);
});

test("a limit says how long to wait", limited, async () => {
    await control("POST", "faults", {method: "GET", path: "/v1/rooms", remaining: 1, status: 429,
        headers: {"Retry-After": "7"}});
    const error = await refused(webex.rooms.list(), 429);
    assert.equal(error.retryAfter, "7");
    assert.ok((await webex.rooms.list()).length > 0);
});

test("the SDK looked for no other host", () => assert.deepEqual(strangers, []));

async function people_requests() {
    const {items} = await control("GET", "requests");
    return items.filter(request => request.path.startsWith("/v1/people/?id=")).length;
}
