import {by_id, show} from "./dom.js";

// How the demo's gateway gets its events, in words, and the button that changes it.
export class mode_switch {
    #button = by_id("switch");
    #had_focus = false;

    // pressed(mode): asks the demo for that mode.
    constructor(pressed) {
        this.#button.addEventListener("click", () => {
            this.#wait();
            pressed(this.other);
        });
    }

    // info: of /demo/info.
    draw(info) {
        const label = by_id("mode");
        const words = info.through ? `${info.mode} mode, through ${info.through}` : `${info.mode} mode`;
        show(label, Boolean(info.mode));
        if (label.textContent !== words) // what is written anew is read aloud anew
            label.textContent = words;
        this.other = (info.offers ?? []).find(mode => mode !== info.mode);
        show(this.#button, Boolean(this.other));
        if (info.switching)
            return this.#wait();
        this.#button.textContent = `Switch to ${this.other} mode`;
        this.#button.disabled = false;
        if (this.#had_focus && [null, document.body, this.#button].includes(document.activeElement))
            this.#button.focus(); // being disabled took it away
        this.#had_focus = false;
    }

    #wait() {
        this.#had_focus ||= document.activeElement === this.#button;
        this.#button.textContent = "Switching…";
        this.#button.disabled = true;
    }
}
