import {element} from "./dom.js";

// Formatted text of a message. Its html is read by the browser's parser into a document that runs and loads nothing,
// and the few elements that carry meaning are built anew: no attribute of the sender's gets through but the address of
// a link that leads to the web.

const kept = new Set(["P", "BR", "STRONG", "B", "EM", "I", "DEL", "UL", "OL", "LI", "CODE", "PRE", "BLOCKQUOTE"]);
const dropped = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "HEAD", "TITLE", "NOSCRIPT"]);
const deepest = 30;

export function web_address(text) {
    try {
        const url = new URL(String(text));
        return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
        return null;
    }
}

export function link(address, ...words) {
    return element("a", {href: address, target: "_blank", rel: "noopener noreferrer"}, ...words);
}

function rebuilt(node, depth) {
    if (node.nodeType === Node.TEXT_NODE)
        return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE || dropped.has(node.nodeName.toUpperCase()))
        return [];
    if (depth > deepest)
        return [document.createTextNode(node.textContent)];
    const inside = [...node.childNodes].flatMap(child => rebuilt(child, depth + 1));
    const name = node.nodeName;
    if (kept.has(name))
        return [element(name.toLowerCase(), {}, ...inside)];
    if (/^H[1-6]$/.test(name))
        return [element("p", {}, element("strong", {}, ...inside))];
    if (name === "SPARK-MENTION")
        return [element("span", {class: "mention"}, ...inside)];
    const address = name === "A" ? web_address(node.getAttribute("href")) : null;
    return address ? [link(address, ...inside)] : inside;
}

// The body of a message: its html if it has any, else its text, line by line as it was written.
export function body_of(message) {
    if (typeof message.html === "string" && message.html !== "") {
        const read = new DOMParser().parseFromString(message.html, "text/html");
        return element("div", {class: "body"}, ...[...read.body.childNodes].flatMap(node => rebuilt(node, 0)));
    }
    return typeof message.text === "string" && message.text !== ""
        ? element("div", {class: "body is-plain"}, message.text) : null;
}
