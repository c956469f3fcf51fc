import {duration, element, sentence} from "./dom.js";

// The way of a message through the house: what is known of it, and the strip that shows it.

const most_trails = 500;
const impatient = 5000; // ms without news until the strip says what it waits for

export const meanings = {
    posted: "The cloud has your message.",
    delivered: "Its notification reached the gateway.",
    verified: "The signature over its bytes is right.",
    stored: "The journal holds it; only now is Webex told so.",
    admitted: "The guard lets this room act.",
    handled: "The bot's command took it up.",
    replied: "The bot's answer is out.",
};

// Hops by message: hop -> {micros, note}. The first of a kind counts for the times; of failures the last one speaks.
export class trails {
    #known = new Map();
    #stations = new Map(); // id -> the hops that were expected when it was first heard of

    expect(id, hops) {
        if (!this.#stations.has(id))
            this.#stations.set(id, hops);
    }

    stations(id) { return this.#stations.get(id); }

    add({messageId: id, hop, micros, note}) {
        if (typeof id !== "string" || id === "" || typeof hop !== "string")
            return null;
        if (!this.#known.has(id)) {
            if (this.#known.size >= most_trails) {
                const oldest = this.#known.keys().next().value;
                this.#known.delete(oldest);
                this.#stations.delete(oldest);
            }
            this.#known.set(id, new Map());
        }
        const trail = this.#known.get(id);
        const fresh = {micros: Number.isFinite(micros) ? micros : null, note: typeof note === "string" ? note : ""};
        if (!trail.has(hop) || hop === "failed")
            trail.set(hop, fresh);
        return id;
    }

    of(id) { return this.#known.get(id) ?? new Map(); }
    clear() {
        this.#known.clear();
        this.#stations.clear();
    }
}

// Reached hops in the order of their times, then the others as they are expected: the strip shows what happened.
function in_order(hops, trail) {
    const reached = hops.filter(hop => trail.has(hop.key));
    reached.sort((a, b) => (trail.get(a.key).micros ?? 0) - (trail.get(b.key).micros ?? 0));
    return [...reached, ...hops.filter(hop => !trail.has(hop.key))];
}

// What became of it, in words. `unheard`: why nobody will handle it, if that is known beforehand.
function verdict(order, trail, unheard, waited, missed) {
    const start = order.map(hop => trail.get(hop.key)?.micros).find(micros => micros !== null && micros !== undefined);
    const after = hop => {
        const micros = trail.get(hop).micros;
        return micros === null || start === undefined ? [] : [" after ", element("strong", {}, duration(micros - start))];
    };
    const failure = trail.get("failed");
    if (trail.has("replied")) {
        const words = ["Replied", ...after("replied"), "."];
        return ["done", failure ? [...words, ` Something failed as well: ${sentence(failure.note || "no reason given")}`] : words];
    }
    if (failure)
        return ["failed", ["Failed", ...after("failed"), `: ${sentence(failure.note || "no reason given")}`]];
    if (trail.has("ignored"))
        return ["ignored", ["Ignored", ...after("ignored"), `: ${sentence(trail.get("ignored").note || "no reason given")}`]];
    if (trail.has("done"))
        return ["done", ["Done", ...after("done"), ", without a reply."]];
    if (unheard && !trail.has("delivered"))
        return ["unheard", [unheard]];
    if (missed)
        return ["unknown", ["The connection was lost meanwhile; what happened then is not known here."]];
    const next = order.find(hop => !trail.has(hop.key));
    return ["waiting", [waited > impatient && next ? `Still waiting for: ${next.label}.` : "On its way."]];
}

function one_hop(hop, known, before, state) {
    let time = "–";
    if (known)
        time = known.micros === null ? "seen" : before === null ? "0 ms" : `+${duration(known.micros - before)}`;
    else
        time = {failed: "failed", ignored: "ignored", unheard: "not sent"}[state] ?? time;
    return element("li", {class: `hop is-${state}`, "data-hop": hop.key, "data-state": state},
        element("span", {class: "dot", "aria-hidden": "true"}),
        element("span", {class: "label"}, hop.label),
        element("span", {class: "time"}, time));
}

// The strip of one message. `told` = {unheard, since (ms of Date.now()), missed}.
export function strip(hops, trail, told) {
    const order = in_order(hops, trail);
    const [ending, words] = verdict(order, trail, told.unheard, Date.now() - told.since, told.missed);
    const items = [];
    let before = null;
    let stopped = false;
    for (const hop of order) {
        const known = trail.get(hop.key);
        let state = known ? "done" : "none";
        if (!known && !stopped) {
            stopped = true;
            state = ending === "done" || ending === "unknown" ? "none" : ending;
        }
        items.push(one_hop(hop, known, before, state));
        before = known?.micros ?? before;
    }
    return element("section", {class: "hops", "data-ending": ending, "aria-label": "The way of this message"},
        element("ol", {"aria-live": "off"}, ...items),
        element("p", {class: `verdict is-${ending}`}, ...words));
}
