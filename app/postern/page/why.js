import {element, sentence} from "./dom.js";
import {demo_why} from "./rest.js";

let made = 0;

// The story of one message as the journal tells it: asked for when somebody wants to know, and anew while it is open and
// not over.
export class why {
    #open = false;
    #over = false;
    #asking = false;

    // drawn(change): runs what changes the page.
    constructor(id, drawn) {
        this.id = id;
        this.drawn = drawn;
        this.text = element("pre", {class: "story", id: `story-${++made}`, tabindex: "0", hidden: true});
        this.button = element("button", {type: "button", "aria-expanded": "false", "aria-controls": this.text.id,
            onclick: () => this.toggle()}, "Its story");
        this.node = element("div", {class: "why"}, this.button, this.text);
    }

    toggle() {
        this.#open = !this.#open;
        this.button.setAttribute("aria-expanded", String(this.#open));
        this.drawn(() => this.text.hidden = !this.#open);
        this.refresh();
    }

    async refresh() {
        if (!this.#open || this.#over || this.#asking)
            return;
        this.#asking = true;
        let words;
        try {
            const told = await demo_why(this.id);
            words = told.stories.join("\n");
            this.#over = told.over;
        } catch (failure) {
            words = sentence(failure.message);
        }
        this.#asking = false;
        if (this.text.textContent !== words)
            this.drawn(() => this.text.textContent = words);
    }
}
