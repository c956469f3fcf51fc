// The official JavaScript SDK as a listener, twice: with the token of a bot, and with a person's. Whatever it told of an
// activity when it was recorded (test/vectors/activity-to-event.json) it must tell of ours, in the same fields.
"use strict";
const {cloud, token, rest, control, eventually, strangers, bot_email} = require("./cloud.cjs");
const sdk = require("./sdk.cjs");
const recorded = require("../vectors/activity-to-event.json");
const assert = require("node:assert/strict");
const {after, before, test} = require("node:test");

const limited = {timeout: 30000};
const pairs = { // all that listen() knows; protocol/mercury.md 7.2
    messages: ["created", "deleted"],
    memberships: ["created", "updated", "deleted", "seen"],
    rooms: ["created", "updated"],
    attachmentActions: ["created"],
};
const ears = {}; // "bot", "alice" -> {webex, me, heard}
const tested = new Set(); // "bot messages:created"

before(async () => {
    // Who is told of a message and does not get it, as with an edit, leaves a rejection behind that nobody holds.
    sdk.tolerate_the_sdk_s_strays(reason => reason?.statusCode === 404 && String(reason.message).includes("/messages/"));
    for (const who of ["bot", "alice"]) {
        const ear = ears[who] = {webex: await sdk.ready(token(who)), me: await rest(who, "GET", "people/me"), heard: []};
        for (const [resource, events] of Object.entries(pairs)) {
            for (const event of events)
                ear.webex[resource].on(event, envelope => ear.heard.push(envelope));
            await ear.webex[resource].listen();
        }
    }
}, limited);

after(async () => {
    for (const {webex} of Object.values(ears))
        for (const resource of Object.keys(pairs))
            webex[resource].stopListening();
    await sdk.leave();
    for (const who of Object.keys(ears)) {
        const left = await fetch(new URL("/wdm/api/v1/devices", cloud.api),
            {headers: {Authorization: `Bearer ${token(who)}`}});
        assert.equal(left.status, 404, "a device was left");
    }
}, limited);

// Waits until `who` has heard what was recorded as that case, of what has these members in its data.
async function hears(who, name, members) {
    const {events} = recorded.cases.find(one => one.name === name);
    const wanted = events.find(event => event.resource === (members.resource ?? event.resource));
    const {resource: _, ...looked_for} = members;
    const pair = `${wanted.resource}:${wanted.event}`;
    const envelope = await eventually(`${pair} for ${who}`, () => ears[who].heard.find(one =>
        `${one.resource}:${one.event}` === pair &&
        Object.entries(looked_for).every(([key, value]) => one.data[key] === value)));
    assert.deepEqual(Object.keys(envelope).sort(), Object.keys(wanted).sort(), name);
    assert.equal(envelope.createdBy, ears[who].me.id);
    assert.equal(envelope.orgId, ears[who].me.orgId);
    if (pair !== "messages:created") // that one's data is the REST API's
        assert.deepEqual(Object.keys(envelope.data).sort(), Object.keys(wanted.data).sort(), name);
    for (const [key, value] of Object.entries(envelope.data))
        if (typeof wanted.data[key] === "boolean")
            assert.equal(typeof value, "boolean", `${name}: ${key}`);
    tested.add(`${who} ${pair}`);
    return envelope;
}

const rooms_of = async who => (await rest(who, "GET", "rooms")).items;
const room_named = async title => (await rooms_of("alice")).find(room => room.title === title);
const direct_room = async () => (await rooms_of("alice")).find(room => room.type === "direct");
const post = (who, room, markdown, more) => rest(who, "POST", "messages", {roomId: room.id, markdown, ...more});
const mention = `<@personEmail:${bot_email}|Postern>`;
const member_of = async (who, room) =>
    (await rest(who, "GET", `memberships?roomId=${room.id}`)).items.find(one => one.personId === ears[who].me.id);

// A room of Alice's and the bot's, for the time of a test.
async function in_a_room(title, run) {
    const room = await rest("alice", "POST", "rooms", {title});
    const bot = await rest("alice", "POST", "memberships", {roomId: room.id, personEmail: bot_email});
    try {
        await run(room, bot);
    } finally {
        await rest("alice", "DELETE", `rooms/${room.id}`);
    }
}

test("a message in the direct room is heard by both, as the REST API has it", limited, async () => {
    const {id} = await post("alice", await direct_room(), "**hello**");
    for (const who of ["bot", "alice"]) { // who wrote it hears of it as well
        const event = await hears(who, "post_direct", {id});
        assert.deepEqual(event.data, await rest(who, "GET", `messages/${id}`));
        assert.match(event.data.html, /<strong>hello<\/strong>/);
        assert.equal(event.actorId, ears.alice.me.id);
    }
});

test("of a group the bot hears what mentions it, and a person all", limited, async () => {
    const group = await room_named("Night shift");
    const passed = await post("bob", group, "nothing for bots");
    const asked = await post("bob", group, `${mention} good morning`);
    const answered = await post("bob", group, `${mention} good night`, {parentId: asked.id});
    for (const {id} of [asked, answered])
        await hears("bot", "post_group_mention", {id});
    await hears("alice", "post_thread_reply", {id: answered.id, parentId: asked.id});
    await hears("alice", "post_group_mention", {id: passed.id});
    assert.ok(!ears.bot.heard.some(event => event.data.id === passed.id));
});

test("a message from another cluster comes with ids of that cluster", limited, async () => {
    const vendors = (await rest("carol", "GET", "rooms")).items.find(room => room.title === "Vendors");
    const {id} = await post("carol", vendors, `${mention} hola`);
    assert.match(Buffer.from(id, "base64url").toString(), /^ciscospark:\/\/urn:TEAM:us-west-2_r\/MESSAGE\//);
    await hears("alice", "post_eu_cluster", {id});
    const {data} = await hears("bot", "post_eu_cluster", {id});
    assert.equal(data.roomId, vendors.id);
    await rest("carol", "DELETE", `messages/${id}`);
    await hears("bot", "delete_message_eu", {id, roomId: vendors.id});
});

test("a file is heard of as a message", limited, async () => {
    const form = new FormData();
    form.set("roomId", (await direct_room()).id);
    form.set("files", new Blob(["lights out"], {type: "text/plain"}), "rules.txt");
    const answer = await fetch(`${cloud.api}/messages`,
        {method: "POST", headers: {Authorization: `Bearer ${token("alice")}`}, body: form});
    const {id} = await answer.json();
    for (const who of ["bot", "alice"])
        assert.equal((await hears(who, "share_files", {id})).data.files.length, 1);
});

test("of an edit this SDK does not tell, for it asks for a message with the id of the edit", limited, async () => {
    const room = await direct_room();
    const first = await post("alice", room, "frist");
    await rest("alice", "PUT", `messages/${first.id}`, {roomId: room.id, markdown: "first"});
    const next = await post("alice", room, "second");
    for (const who of ["bot", "alice"]) {
        await hears(who, "post_direct", {id: next.id});
        const told = ears[who].heard.filter(event => event.resource === "messages" && event.data.roomId === room.id);
        assert.deepEqual(told.slice(-2).map(event => event.data.id), [first.id, next.id]);
    }
});

test("a removed message is heard of, without what it said", limited, async () => {
    const room = await direct_room();
    const {id} = await post("alice", room, "I quit");
    for (const who of ["bot", "alice"]) // who deletes sooner is told of a message that is not there
        await hears(who, "post_direct", {id});
    await rest("alice", "DELETE", `messages/${id}`);
    for (const who of ["bot", "alice"])
        assert.deepEqual((await hears(who, "delete_message", {id})).data, {id, roomId: room.id, roomType: "direct",
            personId: ears.alice.me.id, personEmail: "alice@example.com"});
});

test("a new room is heard of by who is in it from the start", limited, async () => {
    for (const who of ["bot", "alice"]) {
        const room = await rest(who, "POST", "rooms", {title: `The room of ${who}`});
        const {data, actorId} = await hears(who, "create_conversation", {resource: "rooms", id: room.id});
        assert.deepEqual([data.type, data.isLocked, data.creatorId, actorId], ["group", false, ears[who].me.id,
            ears[who].me.id]);
        const own = await member_of(who, room);
        const {data: member} = await hears(who, "create_conversation", {resource: "memberships", id: own.id});
        for (const key of Object.keys(member).filter(key => key !== "created"))
            assert.equal(member[key], own[key], key);
        await rest(who, "DELETE", `rooms/${room.id}`);
    }
});

test("members come, as moderators too, and go", limited, () => in_a_room("Small circle", async (room, of_bot) => {
    await hears("alice", "add_person", {id: of_bot.id, isModerator: false});
    await hears("bot", "add_person", {id: of_bot.id, personEmail: bot_email});

    const carol = await rest("alice", "POST", "memberships",
        {roomId: room.id, personEmail: "carol@elsewhere.example"});
    await rest("alice", "DELETE", `memberships/${carol.id}`);
    for (const who of ["bot", "alice"])
        assert.equal((await hears(who, "leave_removed_by_other", {id: carol.id})).actorId, ears.alice.me.id);

    const bob = await rest("alice", "POST", "memberships",
        {roomId: room.id, personEmail: "bob@example.com", isModerator: true});
    for (const who of ["bot", "alice"])
        await hears(who, "add_person_moderator", {id: bob.id, isModerator: true});
    await rest("bob", "DELETE", `memberships/${bob.id}`);
    for (const who of ["bot", "alice"])
        assert.equal((await hears(who, "leave_self", {id: bob.id})).actorId, bob.personId);
}));

test("a moderator closes the room, and opens it again", limited, () => in_a_room("Closed circle", async room => {
    const own = await member_of("alice", room);
    await rest("alice", "PUT", `memberships/${own.id}`, {isModerator: true});
    for (const who of ["bot", "alice"]) {
        await hears(who, "assignModerator", {id: own.id, isModerator: true});
        await hears(who, "lock", {id: room.id, isLocked: true});
    }
    await rest("alice", "PUT", `memberships/${own.id}`, {isModerator: false});
    for (const who of ["bot", "alice"]) {
        await hears(who, "unassignModerator", {id: own.id, isModerator: false});
        await hears(who, "unlock", {id: room.id, isLocked: false});
    }
}));

test("a room gets another title", limited, () => in_a_room("Night watch", async room => {
    await rest("alice", "PUT", `rooms/${room.id}`, {title: "Day watch"});
    for (const who of ["bot", "alice"]) {
        const {data} = await hears(who, "update_title", {id: room.id});
        assert.deepEqual([data.type, data.isLocked], ["group", false]);
    }
}));

test("who hides a direct room hears of it", limited, async () => {
    for (const who of ["bot", "alice"]) {
        const own = await member_of(who, await direct_room());
        await rest(who, "PUT", `memberships/${own.id}`, {isModerator: false, isRoomHidden: true});
        await hears(who, "hide", {id: own.id, isRoomHidden: true, roomType: "direct"});
        await rest(who, "PUT", `memberships/${own.id}`, {isModerator: false, isRoomHidden: false});
    }
});

test("what was read is heard of", limited, async () => {
    const room = await direct_room();
    const {id} = await post("alice", room, "read this");
    await control("POST", "seen", {person: "alice", messageId: id});
    for (const who of ["bot", "alice"])
        assert.equal((await hears(who, "acknowledge", {lastSeenId: id})).data.personId, ears.alice.me.id);
});

test("a card is sent, with what was filled in", limited, async () => {
    const room = await direct_room();
    const content = {type: "AdaptiveCard", version: "1.2", body: [{type: "Input.Text", id: "choice"}],
        actions: [{type: "Action.Submit", title: "Send"}]};
    const card = await post("bot", room, "a card",
        {attachments: [{contentType: "application/vnd.microsoft.card.adaptive", content}]});
    const {id} = await rest("alice", "POST", "attachment/actions",
        {type: "submit", messageId: card.id, inputs: {choice: "yes"}});
    for (const who of ["bot", "alice"]) {
        const {data} = await hears(who, "cardAction", {id});
        assert.deepEqual([data.messageId, data.roomId, data.type, data.inputs],
            [card.id, room.id, "submit", {choice: "yes"}]);
    }
});

test("nothing is left that listen() knows and nobody heard", () => {
    for (const who of ["bot", "alice"])
        for (const [resource, events] of Object.entries(pairs))
            for (const event of events)
                assert.ok(tested.has(`${who} ${resource}:${event}`), `${who} ${resource}:${event}`);
});

test("the SDK looked for no other host", () => assert.deepEqual(strangers, []));
