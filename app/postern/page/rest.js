// The REST API of the emulated cloud, with a person's token.

export class refused extends Error {
    constructor(status, words) {
        super(words);
        this.status = status;
    }
}

const patience = 15000; // ms

async function send(path, options = {}) {
    const limit = AbortSignal.timeout(patience);
    try {
        return await fetch(path, {signal: limit, cache: "no-store", ...options});
    } catch (failure) {
        throw new refused(0, limit.aborted ? `No answer within ${patience / 1000} seconds` : "The demo does not answer");
    }
}

// What the service says is wrong, in its words if it has any.
async function why(response) {
    const known = {423: "The file is being scanned, try again in a moment", 410: "The file was found to be infected",
                   428: "The file cannot be scanned"};
    let words = known[response.status] ?? `The answer was ${response.status} ${response.statusText}`.trim();
    try {
        const body = await response.json();
        if (typeof body.message === "string" && body.message !== "")
            words = body.message;
    } catch {
        // not JSON: the status has to do
    }
    return new refused(response.status, words);
}

async function json_of(response) {
    if (!response.ok)
        throw await why(response);
    try {
        return await response.json();
    } catch {
        throw new refused(response.status, "The answer is no JSON");
    }
}

const items_of = answer => (Array.isArray(answer?.items) ? answer.items : []);

export async function demo_info() {
    return json_of(await send("/demo/info"));
}

// {stories: [text], over}
export async function demo_why(id) {
    const told = await json_of(await send("/demo/why?" + new URLSearchParams({id})));
    if (!Array.isArray(told?.stories))
        throw new refused(200, "The answer tells no story");
    return {stories: told.stories.map(String), over: told.over === true};
}

// Resolves when the demo has begun to switch; its stream says when the new gateway is ready.
export async function demo_mode(mode) {
    const headers = {"Content-Type": "application/json"};
    return json_of(await send("/demo/mode", {method: "POST", headers, body: JSON.stringify({mode})}));
}

// One person's view of the cloud.
export class account {
    constructor(token) {
        this.headers = {Authorization: `Bearer ${token}`};
    }

    async #get(path, parameters) {
        const query = new URLSearchParams(parameters).toString();
        return json_of(await send(`/v1/${path}${query ? "?" + query : ""}`, {headers: this.headers}));
    }

    async #post(path, body) {
        const form = body instanceof FormData;
        const headers = form ? this.headers : {...this.headers, "Content-Type": "application/json"};
        return json_of(await send(`/v1/${path}`, {method: "POST", headers, body: form ? body : JSON.stringify(body)}));
    }

    async #delete(path) {
        const response = await send(`/v1/${path}`, {method: "DELETE", headers: this.headers});
        if (!response.ok)
            throw await why(response);
    }

    rooms() { return this.#get("rooms", {max: 100}).then(items_of); }
    members(room) { return this.#get("memberships", {roomId: room, max: 100}).then(items_of); }
    invite(room, email) { return this.#post("memberships", {roomId: room, personEmail: email}); }
    remove(membership) { return this.#delete(`memberships/${encodeURIComponent(membership)}`); }
    // Oldest first, as a conversation is read.
    messages(room) { return this.#get("messages", {roomId: room, max: 50}).then(answer => items_of(answer).reverse()); }
    post(message) { return this.#post("messages", message); }
    submit(message, inputs) { return this.#post("attachment/actions", {type: "submit", messageId: message, inputs}); }

    // Files are named by URLs of the cloud's own; only the id in it is taken, so the token goes nowhere else.
    static content_path(url) {
        const found = /\/v1\/contents\/([A-Za-z0-9_=-]+)\/?$/.exec(String(url));
        return found ? `/v1/contents/${found[1]}` : null;
    }

    async content(path, method = "GET") {
        const response = await send(path, {method, headers: this.headers});
        if (!response.ok)
            throw await why(response);
        return response;
    }
}
