import {demo_info} from "./rest.js";

// Keeps the page in touch with the demo: asks who is there, then listens to the stream of hops and activities. What
// breaks is tried again for as long as the page is open, with growing pauses that the person can see and cut short.
const pauses = [1, 2, 4, 8]; // seconds

export class live {
    // on: {met(info), hop(data), activity(data), mode(data), state("starting" | "up" | "down", why, seconds)}
    constructor(on) {
        this.on = on;
        this.failures = 0;
        this.timer = null;
        this.source = null;
        this.attempt = 0;
    }

    async connect() {
        const mine = ++this.attempt; // an older attempt that is still under way has nothing to say any more
        clearTimeout(this.timer);
        this.source?.close();
        let info;
        try {
            info = await demo_info();
        } catch (failure) {
            const starting = failure.status === 503;
            return mine === this.attempt && this.#again(starting ? "starting" : "down", failure.message);
        }
        if (mine !== this.attempt)
            return;
        if (!info?.bot?.id || !Array.isArray(info.people) || info.people.length === 0)
            return this.#again("starting", "The bot is not ready");

        // Listening comes first, so that nothing falls between the first look and the first event.
        this.source = new EventSource("/demo/stream");
        this.source.onopen = () => {
            if (mine !== this.attempt)
                return;
            this.failures = 0;
            this.on.state("up");
            this.on.met(info);
        };
        this.source.onerror = () => mine === this.attempt && this.#again("down", "The connection to the demo is lost");
        this.source.addEventListener("hop", said => this.#tell(this.on.hop, said));
        this.source.addEventListener("activity", said => this.#tell(this.on.activity, said));
        this.source.addEventListener("mode", said => this.#tell(this.on.mode, said));
    }

    #tell(listener, said) {
        let data;
        try {
            data = JSON.parse(said.data);
        } catch {
            return; // cut short by a connection that is about to break
        }
        if (data && typeof data === "object")
            listener(data);
    }

    #again(state, why) {
        this.source?.close();
        this.source = null;
        const until = Date.now() + 1000 * pauses[Math.min(this.failures++, pauses.length - 1)];
        const tick = () => {
            const left = Math.ceil((until - Date.now()) / 1000);
            if (left <= 0)
                return this.connect();
            this.on.state(state, why, left);
            this.timer = setTimeout(tick, Math.min(1000, until - Date.now()));
        };
        clearTimeout(this.timer);
        tick();
    }
}
