// A recorded conversation between a client and the cloud, said once more to the emulator: the client's part is sent as
// recorded, the emulator's answers are compared by shape. What the client once took from an answer (ids, URLs) it now
// takes from the emulator's answer instead.
"use strict";
const assert = require("node:assert/strict");
const {readFileSync} = require("node:fs");
const {request} = require("node:http");
const {join} = require("node:path");
const WebSocket = require("ws");

const patience = 8000; // milliseconds for one answer or frame
const recorded = name => JSON.parse(readFileSync(join(__dirname, "..", "vectors", `trace-${name}.json`))).entries;

// --- names of the recording and of the emulator for the same thing

const public_id = /Y2lzY29zcGFyazovL[\w-]+/g;
const is_name = text => /^[\w-]{8}-[\w-]{4}-[\w-]{4}-[\w-]{4}-[\w-]{12}$/.test(text) || /^(http|ws)s?:/.test(text) ||
    /^Y2lzY29zcGFyazov/.test(text);

class Names {
    #now = new Map(); // recorded -> the emulator's

    add(then, now) {
        if (then !== now)
            this.#now.set(then, now);
    }

    // What stands at the same place of two answers is the same thing.
    learn(then, now) {
        if (typeof then === "string" && typeof now === "string") {
            if (is_name(then) && is_name(now))
                this.add(then, now);
        } else if (then && now && typeof then === "object" && typeof now === "object")
            for (const key of Object.keys(then))
                this.learn(then[key], now[key]);
    }

    // The longest names first: a URL of the device begins with that of the service.
    in(text) {
        const known = [...this.#now].sort(([a], [b]) => b.length - a.length);
        let from = 0, out = "";
        while (from < text.length) {
            const [then, now] = known.find(([name]) => text.startsWith(name, from)) ?? [];
            out += then ? now : text[from];
            from += then?.length ?? 1;
        }
        // Public ids that the client made itself of a UUID.
        return out.replace(public_id, id => {
            const plain = Buffer.from(id, "base64url").toString();
            const renamed = plain.replace(/[^/]+$/, native => this.#now.get(native) ?? native);
            return plain === renamed ? id : Buffer.from(renamed).toString("base64url");
        });
    }

    in_json(value) { return JSON.parse(this.in(JSON.stringify(value))); }
}

// --- shapes

// Objects whose member names are data.
const is_map = path => path.endsWith(".hostCatalog");

function shape_of(value, path = "", shape = new Map()) {
    const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
    shape.set(path, kind === "number" ? (Number.isInteger(value) ? "integer" : "fraction") : kind);
    if (kind === "array")
        value.forEach(item => shape_of(item, `${path}[]`, shape));
    else if (kind === "object")
        for (const [key, item] of Object.entries(value))
            shape_of(item, `${path}.${is_map(path) ? "*" : key}`, shape);
    return shape;
}

// "missing .a", "more .b", "integer .c instead of string"; what lies below something that is missing is not told.
function differences(then, now) {
    const [wanted, got] = [shape_of(then), shape_of(now)], found = [];
    const is_below = path => found.some(one => path.startsWith(`${one.path}.`) || path.startsWith(`${one.path}[`));
    for (const [path, kind] of wanted)
        if (got.get(path) !== kind && !is_below(path))
            found.push({path, text: got.has(path) ? `${got.get(path)} ${path || "."} instead of ${kind}`
                : `missing ${path}`});
    for (const path of got.keys())
        if (!wanted.has(path) && !is_below(path))
            found.push({path, text: `more ${path}`});
    return found.map(one => one.text);
}

// --- the client's part

// The recording tells hosts only: those with a port spoke plain text, the others TLS.
const scheme_of = (plain, host) => plain + (host.includes(":") ? "" : "s");

class Replay {
    differences = []; // "GET /v1/people/me: missing .created"
    #names = new Names();
    #ask;
    #ignore;
    #frames = []; // the emulator's, in order, not yet compared
    #sequence; // number of the last one compared
    #socket;
    #waiting;
    #end;

    // `names`: what is known at the start, recorded -> the emulator's. `ask`: makes the cloud say an activity, given
    // the recorded one. `ignore`: whether a frame of the emulator's has no part in the recording.
    constructor({names, ask, ignore}) {
        for (const [then, now] of Object.entries(names))
            this.#names.add(then, now);
        this.#ask = ask;
        this.#ignore = ignore;
    }

    async say(entry) {
        if (entry.kind === "http")
            await this.#call(entry);
        else if (entry.kind === "ws-upgrade")
            await this.#connect(entry);
        else if (entry.kind === "ws-ping")
            await this.#ping();
        else if (entry.from === "client")
            this.#socket.send(this.#names.in(JSON.stringify(entry.json)), {binary: entry.opcode === "binary"});
        else
            await this.#hear(entry);
    }

    // Ends the connection as clients do; nothing may be left that the recording knows nothing of.
    async close() {
        if (this.#socket?.readyState === WebSocket.OPEN) {
            this.#socket.close(1000, "Done");
            await this.#end;
        }
        const left = this.#frames.filter(frame => !this.#ignore(frame.json));
        this.#differences_of("the end", left.map(frame => `more ${JSON.stringify(frame.json)}`));
    }

    #differences_of(what, texts) { this.differences.push(...texts.map(text => `${what}: ${text}`)); }

    #compare(what, then, now) {
        this.#differences_of(what, differences(then, now));
        this.#names.learn(then, now);
    }

    async #call({method, host, url, headers, requestBody, status, responseHeaders, responseBody}) {
        const what = `${method} ${url.split("?")[0].replace(/\/[\w-]{30,}/, "/{id}")}`;
        const {host: _, ...said} = headers;
        const body = typeof requestBody === "object" ? this.#names.in(JSON.stringify(requestBody)) : undefined;
        const answer = await new Promise((done, fail) => {
            const asked = request(this.#names.in(`${scheme_of("http", host)}://${host}${url}`), {
                method, headers: JSON.parse(this.#names.in(JSON.stringify(said))), timeout: patience,
            }, response => {
                const chunks = [];
                response.on("data", chunk => chunks.push(chunk));
                response.once("end", () => done({status: response.statusCode, headers: response.headers,
                    text: Buffer.concat(chunks).toString()}));
            });
            asked.once("timeout", () => asked.destroy(new Error(`${what}: no answer`)));
            asked.once("error", fail);
            asked.end(body);
        });
        if (answer.status !== status)
            this.#differences_of(what, [`status ${answer.status} instead of ${status}`]);
        if (Boolean(answer.headers.etag) !== Boolean(responseHeaders.etag))
            this.#differences_of(what, [answer.headers.etag ? "more etag" : "missing etag"]);
        this.#compare(what, responseBody, answer.text ? JSON.parse(answer.text) : undefined);
    }

    async #connect({host, url, headers}) {
        const said = {};
        for (const [name, value] of Object.entries(headers))
            if (!/^(host|upgrade|sec-)/.test(name))
                said[name] = this.#names.in(value);
        const socket = new WebSocket(this.#names.in(`${scheme_of("ws", host)}://${host}${url}`),
            {headers: said, perMessageDeflate: false});
        this.#socket = socket;
        this.#end = new Promise(done => socket.once("close", (code, reason) => done(`closed: ${code} ${reason}`)));
        socket.on("error", () => {}); // "close" follows
        socket.on("message", (bytes, binary) => {
            this.#frames.push({opcode: binary ? "binary" : "text", json: JSON.parse(bytes)});
            this.#waiting?.();
        });
        await this.#within("the upgrade", new Promise((done, fail) => {
            socket.once("open", done);
            socket.once("error", fail);
        }));
    }

    async #hear({opcode, json}) {
        const what = json.type ?? json.data.eventType;
        if (json.data?.activity)
            await this.#ask(json.data.activity);
        const frame = await this.#next(what);
        assert.equal(frame.opcode, opcode, `${what}: the kind of frame`);
        assert.equal(frame.json.type ?? frame.json.data.eventType, what);
        if (json.type === "pong")
            assert.equal(frame.json.id, this.#names.in(json.id));
        this.#compare(what, json, frame.json);
    }

    async #next(what) {
        for (;;) {
            while (this.#frames.length === 0)
                await this.#within(what, new Promise(done => { this.#waiting = done; }));
            const frame = this.#frames.shift();
            this.#count(frame.json.sequenceNumber);
            if (!this.#ignore(frame.json))
                return frame;
        }
    }

    // One more than the last (protocol/mercury.md 4.6).
    #count(number) {
        assert.ok(Number.isInteger(number), "a frame without a number");
        if (this.#sequence !== undefined)
            assert.equal(number, this.#sequence + 1, "the number of a frame");
        this.#sequence = number;
    }

    async #ping() {
        this.#socket.ping();
        await this.#within("the pong", new Promise(done => this.#socket.once("pong", done)));
    }

    #within(what, promise) {
        let timer;
        const late = new Promise((_, fail) => {
            timer = setTimeout(fail, patience, new Error(`${what}: nothing came in ${patience / 1000} s`));
        });
        const gone = this.#end?.then(end => { throw new Error(`${what}: ${end}`); });
        return Promise.race([promise, late, ...(gone ? [gone] : [])]).finally(() => clearTimeout(timer));
    }
}

module.exports = {recorded, Replay, differences};
