import {clock, element, sentence, size} from "./dom.js";
import {draw_card} from "./card.js";
import {body_of} from "./richtext.js";
import {account} from "./rest.js";

// One message of a room: who, when, what, its card and its files.

const drawable = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"]);
const largest_drawn = 5e6; // bytes; larger pictures are fetched when asked for

function name_in(disposition) {
    const found = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition ?? "");
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "");
    try {
        if (encoded)
            return decodeURIComponent(encoded[1]);
    } catch {
        // the plain form has to do
    }
    return found ? found[1].replace(/\\(.)/g, "$1") : "file";
}

// The file belongs to whoever may see the room, so it is fetched with the token and shown from memory.
async function fill_file(box, path, who) {
    const head = await who.content(path, "HEAD");
    const name = name_in(head.headers.get("Content-Disposition"));
    const type = (head.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
    const length = Number.parseInt(head.headers.get("Content-Length") ?? "", 10);

    const save = element("button", {type: "button", onclick: async () => {
        try {
            const body = await (await who.content(path)).blob();
            // Never opened in place: a page among the files would run with this page's rights.
            const address = URL.createObjectURL(new Blob([body], {type: "application/octet-stream"}));
            element("a", {href: address, download: name}).click();
            setTimeout(() => URL.revokeObjectURL(address), 60000);
        } catch (failure) {
            box.append(element("p", {class: "problem"}, sentence(failure.message)));
        }
    }}, "Save");
    const caption = element("p", {class: "file-name"}, `${name} `, element("span", {class: "quiet"}, size(length)), " ", save);

    if (drawable.has(type) && length <= largest_drawn) {
        const address = URL.createObjectURL(new Blob([await (await who.content(path)).blob()], {type}));
        const forget = () => URL.revokeObjectURL(address);
        box.replaceChildren(element("img", {src: address, alt: name, onload: forget, onerror: forget}), caption);
    } else {
        box.replaceChildren(caption);
    }
}

function file_of(url, who) {
    const box = element("div", {class: "file"}, element("p", {class: "quiet"}, "Looking at the file"));
    const path = account.content_path(url);
    const failed = failure => box.replaceChildren(element("p", {class: "problem"}, `The file cannot be shown: ${sentence(failure.message)}`));
    if (path)
        fill_file(box, path, who).catch(failed);
    else
        failed(new Error("its address is not one of this cloud"));
    return box;
}

function initials(name) {
    const words = name.split(/\s+/).filter(Boolean);
    return words.slice(0, 2).map(word => [...word][0].toUpperCase()).join("") || "?";
}

const list_of = value => (Array.isArray(value) ? value : []);

// view: {who (account), me (person), bot, name_of(message), parent_of(id), submit(message, inputs)}
export function draw_message(message, view) {
    const own = message.personId === view.me.id;
    const bot = message.personId === view.bot.id;
    const name = view.name_of(message);
    const parent = message.parentId ? view.parent_of(message.parentId) : null;
    const cards = list_of(message.attachments)
        .filter(attachment => attachment?.contentType === "application/vnd.microsoft.card.adaptive")
        .map(attachment => draw_card(attachment.content, {own, submit: inputs => view.submit(message, inputs)}));
    const files = list_of(message.files).slice(0, 10).map(url => file_of(url, view.who));
    const body = body_of(message) ?? (cards.length + files.length === 0 ? element("p", {class: "quiet"}, "(no text)") : null);

    return element("article", {class: `message${own ? " is-own" : ""}${bot ? " is-bot" : ""}`, "data-id": message.id},
        element("span", {class: "face", "aria-hidden": "true"}, initials(name)),
        element("div", {class: "said"},
            element("p", {class: "by"}, element("strong", {}, name), own ? element("span", {class: "tag"}, "you") : null,
                bot ? element("span", {class: "tag"}, "bot") : null, clock(message.created),
                message.updated ? element("span", {class: "quiet"}, "edited") : null),
            parent ? element("p", {class: "quiet"}, `In reply to “${parent}”`) : null,
            body, ...files, ...cards, element("div", {class: "way"})));
}
