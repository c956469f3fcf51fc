// The page of `postern demo` as a person meets it. run.mjs starts the demo and says where it is.
import assert from "node:assert/strict";
import {connect} from "node:net";
import {after, before, test} from "node:test";
import {chromium} from "playwright-core";
import {contrasts} from "./contrast.mjs";

const address = process.env.POSTERN_PAGE;
const group = "Night shift"; // with alice, bob and the bot, in the emulator's built-in seed
const mode = process.env.POSTERN_MODE;
const hops_of = way => ["posted", "delivered", ...(way === "webhook" ? ["verified"] : []), "handled", "replied"];
const through = process.env.POSTERN_STANDIN ? ", through ngrok's stand-in" : ""; // webhook mode, if it is on PATH
const label_of = way => `${way} mode${way === "webhook" ? through : ""}`;
let browser, info;

before(async () => {
    assert.ok(address, "POSTERN_PAGE is the page's address; run.mjs sets it");
    info = await (await fetch(new URL("demo/info", address))).json();
    browser = await chromium.launch({
        executablePath: process.env.POSTERN_CHROMIUM,
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"],
    });
});
after(() => browser?.close());

const person = key => info.people.find(p => p.key === key);

// A test whose page is thrown away afterwards; an error in the page's own scripts fails it.
function with_page(name, run, options = {}) {
    test(name, {timeout: 30000}, async () => {
        const context = await browser.newContext({viewport: {width: 1100, height: 800}, ...options});
        context.setDefaultTimeout(8000);
        const page = await context.newPage();
        const broken = [];
        page.on("pageerror", error => broken.push(error.message));
        try {
            await run(page, context);
        } finally {
            await context.close();
        }
        assert.deepEqual(broken, []);
    });
}

async function enter(page, key = "alice", room = null) {
    await page.goto(`${address}#person=${key}`);
    await page.locator('#link[data-state="up"]').waitFor();
    await page.locator('#log[aria-busy="false"]').waitFor();
    if (room)
        await pick(page, room);
}

async function pick(page, room) {
    await page.locator("#rooms button", {hasText: room}).click();
    await page.locator('#log[aria-busy="false"]').waitFor();
    await page.locator("#rooms button[aria-current]", {hasText: room}).waitFor();
}

// Writes and sends; the answer is the message as the room shows it.
async function say(page, words) {
    await page.fill("#text", words);
    const posted = page.waitForResponse(r => r.request().method() === "POST" && r.url().endsWith("/v1/messages"));
    await page.press("#text", "Enter");
    const {id} = await (await posted).json(); // by place it may be another's: older ones can still come in
    const mine = page.locator(`article.is-own[data-id="${id}"]`);
    await mine.waitFor();
    return mine;
}

async function rest(key, path, body) {
    const answer = await fetch(new URL(path, address), {
        method: body ? "POST" : "GET", body: body && JSON.stringify(body),
        headers: {Authorization: `Bearer ${person(key).token}`, "Content-Type": "application/json"},
    });
    assert.equal(answer.status, 200, path);
    return answer.json();
}

const room_named = async (key, title) => (await rest(key, "v1/rooms")).items.find(room => room.title === title);

// All hops are there, each with its time, and the sum in words.
async function assert_whole_way(message, hops = hops_of(mode)) {
    await message.locator('.hops[data-ending="done"] .hop[data-state="done"]').nth(hops.length - 1).waitFor();
    const shown = await message.locator(".hop").evaluateAll(items => items.map(item =>
        ({hop: item.dataset.hop, time: item.querySelector(".time").textContent})));
    assert.deepEqual(shown.map(item => item.hop).sort(), [...hops].sort());
    assert.equal(shown[0].hop, "posted");
    assert.equal(shown[0].time, "0 ms");
    for (const {hop, time} of shown.slice(1))
        assert.match(time, /^\+\d+(\.\d)? [mµ]?s$/, hop);
    assert.match(await message.locator(".verdict").textContent(), /^Replied after \d+(\.\d)? [mµ]?s\.$/);
}

const sideways = page => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

with_page("a message to the bot is answered, and each of its hops is shown with its time", async page => {
    await enter(page);
    assert.equal(await page.locator("h1").textContent(), "postern demo");
    assert.equal(await page.locator("#mode").textContent(), label_of(mode));
    const mine = await say(page, "/echo hi");
    const reply = page.locator("article.is-own + article.is-bot").last();
    await reply.waitFor();
    assert.equal((await reply.locator(".body").textContent()).trim(), "hi");
    await assert_whole_way(mine);
    assert.equal(await page.inputValue("#text"), "");
});

with_page("whoever clicks the hops of a message reads its story, as the journal has it", async page => {
    await enter(page);
    const mine = await say(page, "/echo why");
    await assert_whole_way(mine);
    const story = mine.locator(".story");
    const button = mine.getByRole("button", {name: "Its story"});
    assert.ok(await story.isHidden());
    await mine.locator(".hops").click();
    await story.filter({hasText: "bot: done by /echo"}).waitFor();
    const words = await story.textContent();
    assert.match(words, mode === "webhook" ? /came by webhook at .*, its signature checked/ : /came by websocket at /);
    assert.match(words, /attempt 1 at .* took .*: done by \/echo/);
    assert.ok(words.includes(await mine.getAttribute("data-id")));
    assert.ok(await story.evaluate(node => node.scrollWidth <= node.clientWidth), "long ids are wrapped");
    assert.equal(await button.getAttribute("aria-expanded"), "true");
    await button.click();
    assert.ok(await story.isHidden());
    for (const [query, status] of [["", 400], ["?id=", 400], ["?id=nothing", 404], ["?id=%00%1b", 404]])
        assert.equal((await fetch(new URL(`demo/why${query}`, address))).status, status, query);
});

with_page("in a group room the bot answers who mentions it, and the page writes the mention", async page => {
    await enter(page, "alice", group);
    await page.click("#mention");
    assert.equal(await page.inputValue("#text"), "@Postern ");
    const mine = await say(page, "@Postern /help");
    assert.equal(await mine.locator(".mention").textContent(), info.bot.name);
    await assert_whole_way(mine);
    await page.locator("article.is-own + article.is-bot", {hasText: "/echo"}).last().waitFor();
});

with_page("a message that does not mention the bot says why nothing follows", async page => {
    await enter(page, "alice", group);
    const unheard = await say(page, "anybody here?");
    await unheard.locator('.hops[data-ending="unheard"]').waitFor();
    assert.match(await unheard.locator(".verdict").textContent(), /only of messages that mention it/);
    await assert_whole_way(await say(page, "@bot /echo yes"));
    assert.equal(await unheard.locator('.hop[data-state="done"]').count(), 1, "it was posted, and nothing more");
});

with_page("somebody else sees other rooms, and the same room with other eyes", async page => {
    await enter(page, "alice", group);
    const words = `said by Alice at ${Date.now()}`;
    await say(page, words);
    await page.selectOption("#person", "bob");
    await page.locator("#rooms button", {hasText: group}).waitFor();
    assert.equal(await page.locator("#rooms button", {hasText: "Vendors"}).count(), 0, "Bob is not in there");
    await pick(page, group);
    const message = page.locator("article", {hasText: words});
    await message.waitFor();
    assert.equal(await message.locator(".by strong").textContent(), person("alice").name);
    assert.equal(await message.evaluate(node => node.classList.contains("is-own")), false);
});

with_page("an outsider is invited, stands out, and is removed again", async page => {
    await enter(page, "alice", group);
    const strange = page.locator("#members-strange");
    assert.ok(await strange.isHidden(), "all are of the bot's organisation");
    await page.click("#members-summary");
    assert.equal(await page.locator("#members-list .organisation").first().textContent(), "Example");
    await page.selectOption("#invitee", "carol");
    await page.getByRole("button", {name: "Invite", exact: true}).click();
    const carol = page.locator("#members-list .is-strange", {hasText: person("carol").name});
    await carol.waitFor();
    assert.equal(await carol.locator(".organisation").textContent(), person("carol").organisation);
    assert.equal(await strange.textContent(), "1 of another organisation");
    assert.deepEqual((await contrasts(page)).filter(one => one.ratio < 4.5), []);
    assert.equal(await page.locator('#invitee option[value="carol"]').count(), 0, "who is in is not invited");
    await carol.getByRole("button", {name: `Remove ${person("carol").name}`}).click();
    await carol.waitFor({state: "detached"});
    assert.ok(await strange.isHidden());
    await pick(page, info.bot.name);
    assert.ok(await page.locator("#members").isHidden(), "nobody is invited into a direct room");
});

with_page("who may not remove somebody reads why", async page => {
    await enter(page, "alice", group);
    await page.click("#members-summary");
    await page.route("**/v1/memberships/*", route => route.fulfill({status: 403, json: {message: "Not for you"}}));
    await page.getByRole("button", {name: `Remove ${person("bob").name}`}).click();
    await page.locator("#problem", {hasText: `${person("bob").name} was not removed: Not for you.`}).waitFor();
    assert.equal(await page.locator("#members-list", {hasText: person("bob").name}).count(), 1);
});

with_page("an outsider in the room silences the bot, and the page says who it is", async page => {
    await enter(page, "alice", group);
    await page.click("#members-summary");
    await page.selectOption("#invitee", "carol");
    await page.getByRole("button", {name: "Invite", exact: true}).click();
    const carol = page.locator("#members-list .is-strange", {hasText: person("carol").name});
    await carol.waitFor();
    const secret = await say(page, "@bot /echo our plans");
    await secret.locator('.hops[data-ending="ignored"]').waitFor();
    const verdict = await secret.locator(".verdict").textContent();
    assert.match(verdict, /the guard does not admit it/);
    assert.ok(verdict.includes("carol@elsewhere.example"), verdict);
    await page.locator("article.is-bot", {hasText: "whose members all belong"}).last().waitFor();
    assert.equal(await page.locator("article.is-bot", {hasText: "our plans"}).count(), 0);
    await shoot(page, "guard-refuses");
    await carol.getByRole("button", {name: `Remove ${person("carol").name}`}).click();
    await carol.waitFor({state: "detached"});
    await assert_whole_way(await say(page, "@bot /echo among us"));
    await page.locator("article.is-bot", {hasText: "among us"}).last().waitFor();
    assert.equal(await page.locator("article.is-bot", {hasText: "our plans"}).count(), 0, "it stays unsaid");
    await shoot(page, "guard-admits");
});

with_page("who has never written to the bot begins a room with it", async page => {
    await enter(page, "admin");
    await pick(page, info.bot.name);
    await page.fill("#text", "/echo first words");
    await page.press("#text", "Enter");
    await page.locator("article.is-bot", {hasText: "first words"}).waitFor();
    await assert_whole_way(page.locator("article.is-own").last());
});

with_page("an address that names nobody leads to somebody, in words", async page => {
    await enter(page, "mallory");
    await page.locator("#problem", {hasText: "nobody called “mallory”"}).waitFor();
    assert.equal(await page.inputValue("#person"), info.people[0].key);
});

with_page("everything can be done from the keyboard, and the focus can be seen", async page => {
    await enter(page);
    const focus = () => page.evaluate(() => {
        const at = document.activeElement;
        const style = getComputedStyle(at);
        return {id: at.id, text: at.textContent, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
    });
    const tab = async () => {
        await page.keyboard.press("Tab");
        return focus();
    };
    await page.evaluate(() => document.activeElement.blur());
    let at = await tab();
    assert.equal(at.text, "Skip to the message box");
    at = await tab();
    assert.equal(at.id, "switch");
    assert.ok(at.seen, "the focused button is outlined");
    at = await tab();
    assert.equal(at.id, "person");
    const rooms = await page.locator("#rooms button").count();
    for (let i = 0; i < rooms; ++i) {
        at = await tab();
        assert.ok(at.seen, "the focused room is outlined");
    }
    assert.equal((await tab()).id, "log");
    for (let i = 0; i < 20 && at.id !== "text"; ++i) {
        at = await tab();
        assert.ok(at.seen, `${at.id || at.text} is outlined`);
    }
    assert.equal(at.id, "text");

    await page.keyboard.type("/echo one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    assert.equal(await page.inputValue("#text"), "/echo one\ntwo");
    await page.keyboard.press("Enter");
    await page.locator("article.is-bot", {hasText: "two"}).waitFor();
    assert.equal((await focus()).id, "text", "the next message can be written at once");
});

with_page("what is written, shown and pressed has a name for who cannot see it", async page => {
    await enter(page, "alice", group);
    const nameless = await page.locator("button, select, textarea, input").evaluateAll(controls => controls
        .filter(node => !node.closest("[hidden]"))
        .filter(node => !(node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent).trim())
        .map(node => node.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await page.getAttribute("#log", "role"), "log");
    assert.equal(await page.getAttribute("#log", "aria-live"), "polite");
});

with_page("a window of 360 pixels needs no scrolling sideways", async page => {
    await enter(page, "alice", group);
    await assert_whole_way(await say(page, "@Postern /echo " + "long".repeat(60)));
    await page.click("#card");
    await page.locator("article.is-own .card").last().waitFor();
    assert.ok(await sideways(page) <= 0);
    const outside = await page.locator(".hop, .card *, .body").evaluateAll(nodes =>
        nodes.filter(node => node.getBoundingClientRect().right > window.innerWidth).length);
    assert.equal(outside, 0);
}, {viewport: {width: 360, height: 740}});

for (const colorScheme of ["light", "dark"])
    with_page(`in ${colorScheme} colours all words can be read`, async page => {
        await enter(page, "alice", group);
        await (await say(page, "nobody hears this")).locator('.hops[data-ending="unheard"]').waitFor();
        await assert_whole_way(await say(page, "@Postern /help"));
        const measured = await contrasts(page);
        assert.ok(measured.length > 30, "something was measured");
        assert.deepEqual(measured.filter(one => one.ratio < 4.5), []);
        const ground = measured.find(one => one.words === "postern demo").ground;
        assert.equal(ground < 0.2, colorScheme === "dark", `the ground's luminance is ${ground}`);
    }, {colorScheme});

with_page("what another person writes is text, whatever it looks like", async page => {
    await enter(page, "alice", group);
    const room = await room_named("bob", group);
    const attack = `<img src=x onerror="window.pwned = true"> ${Date.now()}`;
    for (const message of [{text: attack}, {markdown: `**bold** ${attack}`}]) {
        const made = await rest("bob", "v1/messages", {roomId: room.id, ...message});
        const shown = page.locator(`article[data-id="${made.id}"] .body`);
        await shown.waitFor(); // it comes by itself
        assert.ok((await shown.textContent()).includes(attack));
        assert.equal(await shown.locator("img").count(), 0);
    }
    assert.equal(await page.evaluate(() => window.pwned), undefined);
});

// The cloud lets no raw html through; the page would withstand it all the same.
with_page("html that the cloud should not have sent runs nothing and loads nothing", async page => {
    const asked = [];
    page.on("request", request => asked.push(request.url()));
    await page.route("**/v1/messages?*", async route => {
        const answer = await route.fetch();
        const body = await answer.json();
        body.items.unshift({id: "hostile", roomId: "r", personId: "p", personEmail: "eve@example.com",
            created: "2026-02-11T09:14:27.318Z", text: "x",
            html: '<p onclick="window.pwned=1">a<img src="/loaded" onerror="window.pwned=2"><script>window.pwned=3</script>' +
                '<a href="javascript:window.pwned=4">b</a><a href="https://example.com/" onclick="window.pwned=5">c</a></p>'});
        await route.fulfill({response: answer, json: body});
    });
    await enter(page);
    const shown = page.locator('article[data-id="hostile"] .body');
    await shown.waitFor();
    assert.equal(await shown.innerHTML(),
        '<p>ab<a href="https://example.com/" target="_blank" rel="noopener noreferrer">c</a></p>');
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.ok(!asked.some(url => url.includes("/loaded")));
});

with_page("a card is drawn, and only others may submit it", async (page, context) => {
    await enter(page, "alice", group);
    await page.click("#card");
    const own = page.locator("article.is-own", {has: page.locator(".card")}).last();
    await own.waitFor();
    const id = await own.getAttribute("data-id");
    assert.ok(await own.getByRole("button", {name: "I do"}).isDisabled());

    const other = await context.newPage();
    await enter(other, "bob", group);
    const card = other.locator(`article[data-id="${id}"]`);
    assert.equal(await card.locator("dl").textContent(), "From22:00To06:00");
    await card.getByLabel("Note").fill("on it");
    await card.getByLabel("Part").selectOption("first");
    await card.getByLabel("Call me").check();
    const [asked] = await Promise.all([other.waitForRequest("**/v1/attachment/actions"),
        card.getByRole("button", {name: "I do"}).click()]);
    assert.deepEqual(asked.postDataJSON(),
        {type: "submit", messageId: id, inputs: {op: "take", note: "on it", part: "first", call: "yes"}});
    await card.locator(".verdict", {hasText: "only the author of a card"}).waitFor();
});

with_page("a card's required input is asked for in its own words", async page => {
    const card = {type: "AdaptiveCard", version: "1.3", actions: [{type: "Action.Submit", title: "Send it"}],
        body: [{type: "Input.Text", id: "n", label: "Why", isRequired: true, errorMessage: "A reason is needed"},
            {type: "Media"}]};
    const room = await room_named("bob", group);
    const made = await rest("bob", "v1/messages", {roomId: room.id, text: "card",
        attachments: [{contentType: "application/vnd.microsoft.card.adaptive", content: card}]});
    await enter(page, "alice", group);
    const shown = page.locator(`article[data-id="${made.id}"]`);
    await shown.getByRole("button", {name: "Send it"}).click();
    await shown.getByText("A reason is needed").waitFor();
    assert.equal(await shown.getByLabel("Why").getAttribute("aria-invalid"), "true");
    assert.equal(await shown.locator(".hops").count(), 0, "nothing was submitted");
    assert.ok(await shown.getByText("does not draw “Media”").isVisible());
});

with_page("a picture that somebody attaches is shown, with its name", async page => {
    await enter(page, "alice", group);
    const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await page.setInputFiles("#file", {name: "dot.png", mimeType: "image/png", buffer: Buffer.from(dot, "base64")});
    const picture = page.locator('article.is-own .file img[alt="dot.png"]').last();
    await picture.waitFor();
    await picture.evaluate(node => node.decode());
    assert.equal(await picture.evaluate(node => node.naturalWidth), 1);
});

// Screenshots, for people to look at: POSTERN_SHOTS=folder.
async function shoot(page, name) {
    if (process.env.POSTERN_SHOTS)
        await page.screenshot({path: `${process.env.POSTERN_SHOTS}/${name}-${mode}.png`});
}

async function decoded(picture) {
    await picture.waitFor();
    await picture.evaluate(node => node.decode());
    return picture.evaluate(node => [node.naturalWidth, node.naturalHeight]);
}

with_page("the demo's bot tells jokes, quotes and facts, from the sites that come with it", async page => {
    await enter(page);
    for (const [asked, told] of [["/chuck", "Chuck Norris"], ["/quote", "—"], ["/number 42", "the answer to the Ultimate Question"],
        ["/number 42 --kind math", "42 is even, and the product 2 × 3 × 7."], ["/number x", "<int> [--kind trivia|math]"]]) {
        const mine = await say(page, asked);
        await page.locator("article.is-own + article.is-bot").last().filter({hasText: told}).waitFor();
        if (asked !== "/number x") // with a wrong argument nothing is handled
            await assert_whole_way(mine);
    }
    await shoot(page, "text");
});

with_page("the demo's bot finds comics and camera pictures in pages, and shows them", async page => {
    await enter(page);
    const picture = name => page.locator(`article.is-bot .file img[alt="${name}"]`).last();
    await say(page, "/dilbert");
    assert.deepEqual(await decoded(picture("office.png")), [640, 200]);
    await page.locator("article.is-bot", {hasText: "The office, today: who broke the build & why"}).waitFor();
    await say(page, "/peanuts");
    assert.deepEqual(await decoded(picture("garden.gif")), [640, 200]);
    await page.waitForFunction(() => { // also what came late is followed
        const log = document.getElementById("log");
        return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    });
    await shoot(page, "comics");
    await say(page, "/traffic");
    for (let camera = 1; camera <= 4; ++camera)
        assert.deepEqual(await decoded(picture(`camera-${camera}.png`)), [480, 270]);
    await page.locator("article.is-bot", {hasText: "4 cameras:"}).locator("text=edited").waitFor();
    await shoot(page, "traffic");
}, {viewport: {width: 1100, height: 1000}});

with_page("the card of the demo's bot is drawn with all its inputs, and what is filled in comes back", async page => {
    await enter(page);
    const before = await page.locator("article.is-bot .card").count();
    await say(page, "/card");
    const card = page.locator("article.is-bot .card").nth(before);
    await card.waitFor();
    assert.equal(await card.locator(".card-unknown").count(), 0, "everything on it is drawn");
    assert.deepEqual(await card.locator("input, select, textarea").evaluateAll(nodes => nodes.map(node => node.type)),
        ["text", "date", "time", "number", "select-one", "radio", "radio", "checkbox", "checkbox", "checkbox", "textarea", "checkbox"]);
    await card.getByRole("button", {name: "Send"}).click();
    await card.getByText("Please tell your name").waitFor();
    await card.getByLabel("Your name").fill("Ada Lovelace");
    await card.getByLabel("Day").fill("2026-11-21");
    await card.getByLabel("Time").fill("08:15");
    await card.getByLabel("People").fill("3");
    await card.getByLabel("By").selectOption("bicycle");
    await card.getByLabel("Wet").check();
    await card.getByLabel("A heron").check();
    await card.getByLabel("The sea").check();
    await card.getByLabel("Anything else").fill("**no** <b>markup</b>");
    await card.getByLabel("I would do it again").uncheck();
    await shoot(page, "card");
    await card.getByRole("button", {name: "Send"}).click();
    const echo = page.locator("article.is-bot", {hasText: "You have sent:"}).last();
    await echo.waitFor();
    assert.equal((await echo.locator(".body").innerText()).trim(), ["You have sent:", "name: Ada Lovelace", "day: 2026-11-21",
        "time: 08:15", "people: 3", "by: bicycle", "mood: wet", "seen: heron,sea", "note: **no** <b>markup</b>", "again: no"].join("\n"));
    await shoot(page, "card-submitted");
    await assert_whole_way(page.locator("article.is-bot", {has: page.locator(".card")}).last());
}, {viewport: {width: 1100, height: 1300}});

with_page("while the demo does not answer, the page says so and goes on trying", async page => {
    await page.route("**/demo/info", route => route.abort());
    await page.goto(address);
    await page.locator("#notice", {hasText: "The demo does not answer. Trying again in"}).waitFor();
    assert.equal(await page.getAttribute("#link", "data-state"), "down");
    await page.unroute("**/demo/info");
    await page.click("#notice-button");
    await page.locator('#link[data-state="up"]').waitFor();
    assert.ok(await page.locator("#notice").isHidden());
});

with_page("a bot that is not ready yet is waited for", async page => {
    let asked = 0;
    await page.route("**/demo/info", route => (asked++ === 0 ? route.fulfill({json: {mode: "webhook", people: []}}) : route.continue()));
    await page.goto(address);
    await page.locator("#notice", {hasText: "The bot is not ready"}).waitFor();
    await page.locator('#link[data-state="up"]').waitFor(); // by itself
});

with_page("what could not be sent is given back, with the reason", async page => {
    await enter(page);
    await page.route("**/v1/messages", route => route.fulfill({status: 500, json: {message: "The cloud has a cold"}}));
    await page.fill("#text", "/echo precious");
    await page.press("#text", "Enter");
    await page.locator("#problem", {hasText: "Not sent: The cloud has a cold."}).waitFor();
    assert.equal(await page.inputValue("#text"), "/echo precious");
});

with_page("what is no mode is refused, and a foreign page cannot ask", async () => {
    const ask = (body, type) => fetch(new URL("demo/mode", address), {method: "POST", body, headers: {"Content-Type": type}});
    for (const body of ["", "{", "[]", "{}", '{"mode":1}', '{"mode":"carrier pigeon"}'])
        assert.equal((await ask(body, "application/json")).status, 400, body);
    assert.equal((await ask('{"mode":"webhook"}', "text/plain")).status, 400);
    assert.equal((await fetch(new URL("demo/mode", address))).status, 405);
});

// Two requests in one breath: the second is read before the first one's switch can have ended.
function ask_twice(body) {
    const {hostname, port, host} = new URL(address);
    const one = `POST /demo/mode HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    return new Promise((done, fail) => {
        let said = "";
        const socket = connect(port, hostname, () => socket.write(`${one}\r\n${body}${one}Connection: close\r\n\r\n${body}`));
        socket.on("data", piece => said += piece);
        socket.on("error", fail);
        socket.on("end", () => done([...said.matchAll(/HTTP\/1\.1 (\d+)/g)].map(found => Number(found[1]))));
    });
}

// The last ones: whoever looks meanwhile sees another mode.
with_page("the button switches the running demo to the other mode, and back", async page => {
    const other = mode === "webhook" ? "websocket" : "webhook";
    const button = way => page.getByRole("button", {name: `Switch to ${way} mode`, exact: true, disabled: false});
    let release;
    await page.route("**/demo/mode", async route => {
        await new Promise(done => release = done);
        await route.continue();
    });
    await enter(page);
    const before = await say(page, "/echo before");
    await assert_whole_way(before);
    for (const [from, to] of [[mode, other], [other, mode]]) {
        await button(to).focus();
        await page.keyboard.press("Enter");
        await page.getByRole("button", {name: "Switching…", disabled: true}).waitFor();
        release();
        await button(from).waitFor({timeout: 15000});
        assert.equal(await page.locator("#mode").textContent(), label_of(to));
        assert.equal(await page.evaluate(() => document.activeElement.id), "switch", "the focus stays where it was");
        const mine = await say(page, `/echo in ${to} mode`);
        await page.locator("article.is-bot", {hasText: `in ${to} mode`}).last().waitFor();
        await assert_whole_way(mine, hops_of(to));
        await shoot(page, `switched-wide-to-${to}`);
        await assert_whole_way(before); // its own way is not told anew
    }
});

with_page("a page follows when the demo is switched elsewhere, in a narrow window too", async page => {
    const other = mode === "webhook" ? "websocket" : "webhook";
    const now = way => page.locator("#mode", {hasText: label_of(way)}).waitFor({timeout: 15000});
    await enter(page);
    for (const [from, to] of [[mode, other], [other, mode]]) {
        assert.deepEqual(await ask_twice(JSON.stringify({mode: to})), [202, 409]);
        await now(to);
        await page.getByRole("button", {name: `Switch to ${from} mode`, disabled: false}).waitFor({timeout: 15000});
        assert.ok(await sideways(page) <= 0);
        const right = await page.locator("#mode, #switch").evaluateAll(nodes => nodes.map(node => node.getBoundingClientRect().right));
        assert.ok(Math.max(...right) <= 360, `${right}`);
        await shoot(page, `switched-narrow-to-${to}`);
    }
}, {viewport: {width: 360, height: 740}});
