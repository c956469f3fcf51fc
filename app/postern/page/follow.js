// Whoever looks at the newest message goes on seeing it, whatever grows above it: other messages, their hops, and
// pictures, which are as tall as they are only when they have come.

const near = 80; // pixels

export class follower {
    #following = true;
    #last = 0;

    constructor(log) {
        this.log = log;
        log.addEventListener("scroll", () => {
            // What grows moves nothing up: that was somebody's hand.
            const up = log.scrollTop < this.#last;
            this.#last = log.scrollTop;
            this.#following = this.#at_end() || (this.#following && !up);
        });
        log.addEventListener("load", () => this.#go(), true);
    }

    keeping_the_end(change) {
        const at_end = this.#at_end();
        change();
        this.#following ||= at_end;
        if (at_end)
            this.#go();
    }

    follow() {
        this.#following = true;
        this.#go();
    }

    #at_end() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < near; }

    #go() {
        if (this.#following)
            this.log.scrollTop = this.log.scrollHeight;
    }
}
