import {strip, trails} from "./hops.js";
import {why} from "./why.js";

// Keeps the strips under one's own messages and submissions up to date.
export class ways {
    #trails = new trails();
    #sent = new Set();     // ids of what was sent from here: its hops are worth waiting for
    #watched = new Map();  // id -> {box, unheard, since, missed, story}

    // drawn(change): runs what changes the page, and keeps the end of the conversation in sight.
    constructor(drawn) {
        this.hops = [];
        this.drawn = drawn;
    }

    // hops: the stations of the demo's mode, in the order in which they are expected.
    begin(hops) {
        this.hops = hops;
        this.#trails.clear();
        this.leave();
    }

    // The demo has another mode from now on; what was sent before keeps its stations.
    change(hops) { this.hops = hops; }

    // The messages of the room are gone from the page; what is known of them stays.
    leave() { this.#watched.clear(); }

    learn(said) {
        const id = this.#trails.add(said);
        if (!id)
            return;
        this.#trails.expect(id, this.hops);
        this.draw(id);
    }

    sent(id) {
        this.#sent.add(id);
        this.#trails.expect(id, this.hops);
    }

    // box: where the strip goes. unheard: why the bot will never hear of it, or null.
    watch(id, box, unheard) {
        this.#watched.set(id, {since: Date.now(), missed: false, ...this.#watched.get(id), box, unheard});
        this.draw(id);
    }

    forget(id) { this.#watched.delete(id); }

    // The stream broke: what was said meanwhile is not said again.
    lost() {
        for (const watch of this.#watched.values())
            watch.missed = true;
        this.draw_all();
    }

    draw(id) {
        const watch = this.#watched.get(id);
        const trail = this.#trails.of(id);
        if (!watch || (trail.size === 0 && !this.#sent.has(id)))
            return;
        const fresh = strip(this.#trails.stations(id) ?? this.hops, trail, watch);
        if (watch.box.firstChild?.isEqualNode(fresh))
            return;
        watch.story ??= new why(id, this.drawn);
        fresh.addEventListener("click", () => {
            if (getSelection().isCollapsed) // whoever marks words wants to copy them
                watch.story.toggle();
        });
        const before = watch.box.firstChild;
        this.drawn(() => before ? before.replaceWith(fresh) : watch.box.append(fresh, watch.story.node));
    }

    draw_all() {
        for (const [id, watch] of this.#watched) {
            this.draw(id);
            watch.story?.refresh();
        }
    }
}
