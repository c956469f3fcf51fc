// Small helpers to build the page. Everything a stranger wrote enters it as text, never as markup.

// element("p", {class: "name", onclick: f}, "text", child): attributes by name, listeners by on..., null is left out.
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false)
            continue;
        if (name.startsWith("on"))
            made.addEventListener(name.slice(2), value);
        else
            made.setAttribute(name, value === true ? "" : String(value));
    }
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
}

export const by_id = id => document.getElementById(id);

export function show(node, visible) {
    node.hidden = !visible;
}

// "22 µs", "0.4 ms", "12 ms", "3.2 s": as many digits as a person can use.
export function duration(micros) {
    if (micros < 100)
        return `${Math.max(0, Math.round(micros))} µs`;
    const ms = micros / 1000;
    if (ms >= 1000)
        return `${(ms / 1000).toFixed(1)} s`;
    return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

export function size(bytes) {
    if (!Number.isFinite(bytes))
        return "";
    if (bytes < 1000)
        return `${bytes} bytes`;
    return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function clock(iso) {
    const at = new Date(iso);
    if (Number.isNaN(at.getTime()))
        return element("time");
    const words = at.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false});
    return element("time", {datetime: at.toISOString()}, words);
}

// As an end of a sentence: one full stop, whatever the words end with.
export const sentence = words => words.replace(/[\s.]+$/, "") + ".";
