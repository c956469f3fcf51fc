import {by_id, element, sentence, show} from "./dom.js";
import {follower} from "./follow.js";
import {meanings} from "./hops.js";
import {live} from "./live.js";
import {draw_message} from "./message.js";
import {members_panel} from "./members.js";
import {mode_switch} from "./mode_switch.js";
import {account, demo_info, demo_mode} from "./rest.js";
import {sample_card} from "./card.js";
import {mentions_in, with_mentions} from "./mentions.js";
import {ways} from "./ways.js";

// The page: who one is, which room one looks at, what is said there, and what became of one's own messages.

const page = {
    info: null,    // of /demo/info
    me: null,      // one of info.people
    who: null,     // account of me
    rooms: [],
    room: null,
    members: [],   // of room
    shown: new Map(), // message id -> {node, message, signature}
    news: new Set(),  // rooms with something unread
    view: 0,       // grows with every change of person or room: answers to older questions are dropped
    up: false,
};
const tries = ["/help", "/echo hi", "/chuck", "/dilbert", "/traffic", "/card"];

const log = by_id("log");
const text = by_id("text");
const end = new follower(log);
const way = new ways(change => end.keeping_the_end(change));
const modes = new mode_switch(switch_mode);
const members = new members_panel({invite, remove});

// --- what is remembered over a reload: the part of the address behind the "#" -------------------------------------

function remembered() {
    return new URLSearchParams(location.hash.slice(1));
}

function remember() {
    const wanted = new URLSearchParams({person: page.me.key});
    if (page.room?.id)
        wanted.set("room", page.room.id);
    history.replaceState(null, "", "#" + wanted);
}

// --- words that are about the whole page --------------------------------------------------------------------------

function problem(words) {
    by_id("problem").textContent = words ? sentence(words) : "";
    show(by_id("problem"), Boolean(words));
}

function link_state(state, why, seconds) {
    const lost = page.up && state !== "up";
    page.up = state === "up";
    const link = by_id("link");
    link.dataset.state = state;
    const words = {up: "Live", starting: "Starting", down: "Not connected"}[state];
    if (link.textContent !== words)
        link.textContent = words;
    show(by_id("notice"), state !== "up");
    if (state !== "up") {
        if (by_id("notice-text").textContent !== sentence(why))
            by_id("notice-text").textContent = sentence(why);
        by_id("notice-wait").textContent = `Trying again in ${seconds} s.`;
    }
    if (lost)
        way.lost();
}

// --- people and rooms ---------------------------------------------------------------------------------------------

const is_with_bot = room => room.type === "direct" && room.title === page.info.bot.name;

async function meet(info) {
    const again = page.info !== null && page.me !== null && info.people.some(p => p.token === page.me.token);
    page.info = info;
    modes.draw(info);
    by_id("person").replaceChildren(...info.people.map(p => element("option", {value: p.key}, p.name)));
    draw_legend();
    if (info.switching) // it may have ended before the stream was open
        look_at_mode();
    if (again) { // the same demo: only what was missed is fetched
        way.change(info.hops);
        by_id("person").value = page.me.key;
        await load_rooms();
        return refresh();
    }
    way.begin(info.hops);
    const key = remembered().get("person");
    const found = info.people.find(p => p.key === key);
    await become(found ?? info.people[0], remembered().get("room"));
    if (key && !found)
        problem(`There is nobody called “${key}” here; you are ${page.me.name}`);
}

// --- the demo's mode ----------------------------------------------------------------------------------------------

let looks = 0;

async function look_at_mode() {
    const mine = ++looks;
    let info;
    try {
        info = await demo_info();
    } catch {
        return; // the stream breaks as well, and the page begins anew
    }
    if (mine !== looks || !page.info || !info.bot?.id)
        return;
    page.info = info;
    modes.draw(info);
    way.change(info.hops);
    draw_legend();
}

async function switch_mode(mode) {
    problem("");
    try {
        await demo_mode(mode);
    } catch (failure) {
        problem(`The mode was not switched: ${failure.message}`);
    }
    await look_at_mode();
}

async function become(person, room_id) {
    page.me = person;
    page.who = new account(person.token);
    page.news.clear();
    page.rooms = [];
    page.room = null;
    const mine = ++page.view;
    by_id("person").value = person.key;
    problem("");
    await load_rooms();
    if (mine !== page.view)
        return;
    await enter(page.rooms.find(r => r.id === room_id) ?? page.rooms[0] ?? null);
}

async function load_rooms() {
    const mine = page.view;
    let rooms;
    try {
        rooms = await page.who.rooms();
    } catch (failure) {
        return mine === page.view && problem(`The rooms cannot be read: ${failure.message}`);
    }
    if (mine !== page.view)
        return;
    if (!rooms.some(is_with_bot)) // nobody has written there yet: the first message makes the room
        rooms.push({id: "", title: page.info.bot.name, type: "direct"});
    const rank = room => (is_with_bot(room) ? 0 : room.type === "group" ? 1 : 2);
    rooms.sort((a, b) => rank(a) - rank(b) || String(a.title).localeCompare(String(b.title)));
    page.rooms = rooms;
    const before = page.room;
    const now = before && (rooms.find(r => r.id === before.id) ?? (before.id === "" ? rooms.find(is_with_bot) : null));
    if (before && now?.id !== before.id) { // made by the first message to the bot, or one was put out of it
        await enter(now ?? rooms[0]);
        return now ? undefined : problem(`You are no longer in “${before.title}”`);
    }
    page.room = now;
    draw_rooms();
}

function draw_rooms() {
    const focused = document.activeElement?.dataset?.room;
    by_id("rooms").replaceChildren(...page.rooms.map(room => {
        const news = page.news.has(room.id);
        const kind = room.type === "direct" ? "direct" : "group";
        return element("li", {}, element("button", {type: "button", class: "pick", "data-room": room.id,
            "aria-current": page.room?.id === room.id ? "true" : null, onclick: () => enter(room, true)},
            element("span", {class: "room-name"}, room.title || "(no title)"),
            element("span", {class: "quiet"}, news ? `${kind}, new` : kind)));
    }));
    if (focused !== undefined)
        [...by_id("rooms").querySelectorAll("button")].find(b => b.dataset.room === focused)?.focus();
}

async function enter(room, by_hand = false) {
    page.room = room;
    page.members = [];
    page.view++;
    page.shown.clear();
    way.leave();
    page.news.delete(room?.id);
    problem("");
    remember();
    draw_rooms();
    draw_room_head();
    log.setAttribute("aria-busy", "true");
    log.replaceChildren(element("p", {class: "empty", id: "empty"}, room ? "Reading the messages." : "No rooms: nobody has invited this person yet."));
    if (room?.id)
        await Promise.all([load_members(), refresh()]);
    else
        draw_messages([]);
    log.setAttribute("aria-busy", "false");
    if (by_hand)
        text.focus();
}

async function load_members() {
    const mine = page.view;
    try {
        const found = await page.who.members(page.room.id);
        if (mine !== page.view)
            return;
        page.members = found;
    } catch {
        return; // the addresses in the messages have to do
    }
    draw_room_head();
    for (const entry of page.shown.values()) // they were drawn before the names were known
        entry.signature = "";
    draw_messages([...page.shown.values()].map(entry => entry.message));
}

// What comes of it is told by the stream, to this page as to all others.
async function invite(person) {
    problem("");
    try {
        await page.who.invite(page.room.id, person.email);
    } catch (failure) {
        problem(`${person.name} was not invited: ${failure.message}`);
    }
}

async function remove(member) {
    problem("");
    try {
        await page.who.remove(member.id);
    } catch (failure) {
        problem(`${member.personDisplayName || member.personEmail} was not removed: ${failure.message}`);
    }
}

function draw_room_head() {
    members.draw(page);
    const room = page.room;
    const bot = page.info.bot;
    const group = room?.type === "group";
    const call = mention_word();
    by_id("room-title").textContent = room ? room.title || "(no title)" : "No room";
    const names = page.members.map(m => m.personId === page.me.id ? "you" : m.personDisplayName || m.personEmail);
    by_id("room-about").textContent = !room ? ""
        : group ? `Group room${names.length ? ": " + names.join(", ") : ""}` : `Direct room: you and ${room.title}`;
    const hears = !group || bot_is_here();
    by_id("text-label").textContent = room ? `Message to ${room.title}` : "Message";
    text.placeholder = !room ? "No room to write to" : group && hears
        ? `Begin with ${call}, so that the bot hears you` : `Write to ${room.title}`;
    by_id("mention").textContent = call;
    by_id("mention").setAttribute("aria-label", `Mention ${bot.name}`);
    show(by_id("mention"), group && hears);
    show(by_id("card"), group);
    for (const id of ["send", "attach", "text"])
        by_id(id).disabled = !room;
    const useful = room && (is_with_bot(room) || (group && hears));
    by_id("tries").replaceChildren("Try ", ...tries.map(words => {
        const whole = group ? `${call} ${words}` : words;
        return element("button", {type: "button", onclick: () => send(whole)}, whole);
    }));
    show(by_id("tries"), Boolean(useful));
}

const bot_is_here = () => page.members.length === 0 || page.members.some(m => m.personId === page.info.bot.id);
const mention_word = () => `@${page.info.bot.name.split(/\s+/)[0]}`;

function draw_legend() {
    by_id("legend-list").replaceChildren(...page.info.hops.filter(hop => meanings[hop.key])
        .flatMap(hop => [element("dt", {}, hop.label), element("dd", {}, meanings[hop.key])]));
    show(by_id("legend"), page.info.hops.length > 0);
}

// --- messages -----------------------------------------------------------------------------------------------------

let reading = false;
let read_again = false;

// One question at a time; what happens meanwhile asks once more.
async function refresh() {
    if (reading) {
        read_again = true;
        return;
    }
    reading = true;
    do {
        read_again = false;
        const mine = page.view;
        if (!page.room?.id)
            break;
        try {
            const messages = await page.who.messages(page.room.id);
            if (mine === page.view)
                draw_messages(messages);
            else
                read_again = true;
        } catch (failure) {
            if (mine !== page.view)
                read_again = true;
            else
                could_not_read(failure);
        }
    } while (read_again);
    reading = false;
}

function could_not_read(failure) {
    const words = `The messages cannot be read: ${failure.message}`;
    if (page.shown.size > 0)
        return problem(words);
    log.replaceChildren(element("p", {class: "empty", id: "empty"}, sentence(words), " ",
        element("button", {type: "button", onclick: refresh}, "Read again")));
}

function name_of(message) {
    if (message.personId === page.me.id)
        return page.me.name;
    if (message.personId === page.info.bot.id)
        return page.info.bot.name;
    const member = page.members.find(m => m.personId === message.personId)
        ?? page.info.people.find(p => p.id === message.personId);
    return member?.personDisplayName || member?.name || message.personEmail || "Somebody";
}

function parent_of(id) {
    const said = page.shown.get(id)?.message.text ?? "";
    const words = [...said];
    return words.length > 60 ? words.slice(0, 60).join("") + "…" : said;
}

// Draws what is new or changed and leaves the rest alone: somebody may be filling in a card.
function draw_messages(messages) {
    end.keeping_the_end(() => place(messages));
}

function place(messages) {
    const gone = new Set(page.shown.keys());
    let last = null;
    for (const message of messages) {
        if (typeof message?.id !== "string")
            continue;
        gone.delete(message.id);
        const signature = JSON.stringify(message);
        let entry = page.shown.get(message.id);
        if (!entry || entry.signature !== signature) {
            const node = draw_message(message, {who: page.who, me: page.me, bot: page.info.bot, name_of, parent_of, submit});
            entry?.node.replaceWith(node);
            entry = {node, message, signature};
            page.shown.set(message.id, entry);
            if (message.personId === page.me.id)
                way.watch(message.id, node.querySelector(".way"), unheard(message));
        }
        const next = last ? last.nextSibling : log.firstChild;
        if (entry.node !== next)
            log.insertBefore(entry.node, next);
        last = entry.node;
    }
    for (const id of gone) {
        page.shown.get(id).node.remove();
        page.shown.delete(id);
        way.forget(id);
    }
    draw_empty();
}

function draw_empty() {
    by_id("empty")?.remove();
    if (page.shown.size > 0)
        return;
    const hint = page.room?.type === "group" ? `In a group room the bot hears only what mentions it: begin with ${mention_word()}.`
        : page.room && is_with_bot(page.room) ? "Write to the bot, or try one of the buttons below." : "Write the first message.";
    log.replaceChildren(element("p", {class: "empty", id: "empty"}, "Nothing has been said here yet.", element("br"), hint));
}

// --- the way of one's own messages --------------------------------------------------------------------------------

function unheard(message) {
    if (!bot_is_here() || (page.room?.type === "direct" && !is_with_bot(page.room)))
        return `${page.info.bot.name} is not in this room.`;
    if (message.roomType === "group" && !(message.mentionedPeople ?? []).includes(page.info.bot.id))
        return `The bot does not hear this: in a group room Webex tells a bot only of messages that mention it. Begin with ${mention_word()}.`;
    return null;
}

async function submit(message, inputs) {
    problem("");
    const mine = page.view;
    try {
        const action = await page.who.submit(message.id, inputs);
        const box = page.shown.get(message.id)?.node.querySelector(".way");
        if (mine !== page.view || !box || typeof action?.id !== "string")
            return;
        way.sent(action.id);
        way.watch(action.id, box, message.personId === page.info.bot.id ? null
            : `Webex tells only the author of a card, and that is ${name_of(message)}, not the bot.`);
    } catch (failure) {
        problem(`The card was not submitted: ${failure.message}`);
    }
}

// --- writing ------------------------------------------------------------------------------------------------------

function addressed(what) {
    return page.room.id ? {roomId: page.room.id, ...what} : {toPersonEmail: page.info.bot.email, ...what};
}

async function post(message) {
    problem("");
    const view = page.view;
    try {
        const made = await page.who.post(message);
        if (typeof made?.id === "string")
            way.sent(made.id);
        if (view !== page.view)
            return true;
        end.follow();
        await (page.room.id ? refresh() : load_rooms());
        return true;
    } catch (failure) {
        problem(`Not sent: ${failure.message}`);
        return false;
    }
}

async function send(words) {
    const group = page.room?.type === "group";
    const people = [{...page.info.bot, also: "bot"}, ...page.info.people];
    const mentioned = group && mentions_in(words, people);
    return post(addressed(mentioned ? {markdown: with_mentions(words, people)} : {text: words}));
}

by_id("composer").addEventListener("submit", async event => {
    event.preventDefault();
    const words = text.value.trim();
    if (!page.room || words === "")
        return;
    if (!page.up)
        return problem("Not connected: your text stays here until it can be sent");
    text.value = ""; // given back if it does not get through
    const sent = await send(words);
    if (!sent && text.value === "")
        text.value = words;
    text.focus();
});

text.addEventListener("keydown", event => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        by_id("composer").requestSubmit();
    }
});

by_id("mention").addEventListener("click", () => {
    const word = mention_word();
    if (!mentions_in(text.value, [{...page.info.bot, also: "bot"}]))
        text.value = `${word} ${text.value}`;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
});

by_id("card").addEventListener("click", () =>
    post(addressed({text: "Who takes the night shift?", attachments: [sample_card]})));

by_id("attach").addEventListener("click", () => by_id("file").click());
by_id("file").addEventListener("change", async () => {
    const chosen = by_id("file").files[0];
    by_id("file").value = "";
    if (!chosen || !page.room)
        return;
    const form = new FormData();
    for (const [name, value] of Object.entries(addressed({})))
        form.set(name, value);
    form.set("files", chosen, chosen.name);
    await post(form);
});

by_id("person").addEventListener("change", () => {
    const chosen = page.info?.people.find(p => p.key === by_id("person").value);
    if (chosen)
        become(chosen);
});

// --- what the demo tells ------------------------------------------------------------------------------------------

function on_activity(said) {
    if (!page.me)
        return;
    if (said.resource === "rooms" || said.resource === "memberships" || !page.rooms.some(r => r.id === said.roomId))
        load_rooms();
    if (said.roomId === page.room?.id)
        return said.resource === "memberships" ? load_members() : refresh();
    if (said.resource === "messages" && said.event === "created" && page.rooms.some(r => r.id === said.roomId)) {
        page.news.add(said.roomId);
        draw_rooms();
    }
}

const demo = new live({
    met: meet,
    state: link_state,
    activity: on_activity,
    mode: look_at_mode,
    hop: said => way.learn(said),
});
by_id("notice-button").addEventListener("click", () => demo.connect());
setInterval(() => way.draw_all(), 1000); // a strip that waits says so after a while
demo.connect();
