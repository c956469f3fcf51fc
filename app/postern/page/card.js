import {element, show} from "./dom.js";
import {link, web_address} from "./richtext.js";

// Draws an adaptive card: the elements that bots use most, plainly. What it cannot draw it names.

const deepest = 12;
const most_elements = 300;
let last_id = 0;

const text_of = value => (value === null || value === undefined ? "" : String(value));
const list_of = value => (Array.isArray(value) ? value : []);
const is = (value, wanted) => text_of(value).toLowerCase() === wanted;

class drawing {
    // submit(inputs): a promise that fails with words. own: whether the viewer is the card's author.
    constructor({own, submit}) {
        this.own = own;
        this.submit = submit;
        this.inputs = []; // {id, value(), complain(bool), required}
        this.budget = most_elements;
    }

    elements(list, depth) {
        return list_of(list).filter(what => what && typeof what === "object").map(what => this.element(what, depth));
    }

    element(what, depth) {
        if (--this.budget < 0 || depth > deepest)
            return element("p", {class: "card-unknown"}, "The card goes on; this page stops here.");
        switch (text_of(what.type)) {
        case "TextBlock": return this.text(what, text_of(what.text));
        case "RichTextBlock":
            return this.text(what, list_of(what.inlines).map(run => text_of(run?.text ?? run)).join(""));
        case "FactSet": return this.facts(what);
        case "Image": return this.image(what);
        case "ImageSet": return element("div", {class: "card-row"}, ...this.elements(what.images, depth + 1));
        case "Container": return element("div", {class: "card-group"}, ...this.elements(what.items, depth + 1));
        case "ColumnSet": return element("div", {class: "card-columns"}, ...this.elements(what.columns, depth + 1));
        case "Column": return element("div", {class: "card-column"}, ...this.elements(what.items, depth + 1));
        case "ActionSet": return this.actions(what.actions, depth + 1);
        case "Input.Text": return this.text_input(what, what.isMultiline ? "textarea" : "input", "text");
        case "Input.Number": return this.text_input(what, "input", "number");
        case "Input.Date": return this.text_input(what, "input", "date");
        case "Input.Time": return this.text_input(what, "input", "time");
        case "Input.Toggle": return this.toggle(what);
        case "Input.ChoiceSet": return this.choices(what);
        default: return element("p", {class: "card-unknown"}, `This page does not draw “${text_of(what.type)}”.`);
        }
    }

    text(what, words) {
        const marks = ["card-text"];
        if (is(what.weight, "bolder"))
            marks.push("is-bold");
        if (what.isSubtle)
            marks.push("is-subtle");
        if (["medium", "large", "extralarge"].some(size => is(what.size, size)))
            marks.push("is-large");
        return element("p", {class: marks.join(" ")}, words);
    }

    facts(what) {
        return element("dl", {class: "card-facts"}, ...list_of(what.facts).slice(0, 100).flatMap(fact =>
            [element("dt", {}, text_of(fact?.title)), element("dd", {}, text_of(fact?.value))]));
    }

    // Pictures from elsewhere stay there: this page asks nobody but the demo.
    image(what) {
        const words = text_of(what.altText) || "Picture";
        const address = web_address(what.url);
        return element("p", {class: "card-unknown"}, address ? link(address, `${words} (elsewhere)`) : words);
    }

    labelled(what, control, id, fallback) {
        const label = text_of(what.label) || fallback;
        const mark = what.isRequired ? " (required)" : "";
        const problem = element("p", {class: "problem", id: `${id}-problem`}, text_of(what.errorMessage) || "Please fill this in.");
        show(problem, false);
        control.setAttribute("aria-describedby", problem.id);
        const complain = wrong => {
            show(problem, wrong);
            control.setAttribute("aria-invalid", String(wrong));
        };
        const caption = label ? element("label", {for: id}, label + mark) : null;
        return {box: element("div", {class: "card-input"}, caption, control, problem), complain};
    }

    keep(what, value, complain, focus) {
        const id = text_of(what.id);
        if (id !== "")
            this.inputs.push({id, value, complain, focus, required: Boolean(what.isRequired)});
    }

    text_input(what, tag, type) {
        const id = `card-${++last_id}`;
        const fallback = text_of(what.placeholder) || text_of(what.id);
        const control = element(tag, {id, type: tag === "input" ? type : null, placeholder: text_of(what.placeholder) || null,
            rows: tag === "textarea" ? 3 : null, maxlength: Number(what.maxLength) > 0 ? Number(what.maxLength) : null});
        control.value = text_of(what.value);
        const {box, complain} = this.labelled(what, control, id, fallback);
        this.keep(what, () => control.value, complain, control);
        return box;
    }

    toggle(what) {
        const id = `card-${++last_id}`;
        const on = text_of(what.valueOn) || "true";
        const off = text_of(what.valueOff) || "false";
        const control = element("input", {type: "checkbox", id});
        control.checked = text_of(what.value) === on;
        this.keep(what, () => (control.checked ? on : off), () => {}, control);
        return element("div", {class: "card-input is-choice"}, control,
            element("label", {for: id}, text_of(what.title) || text_of(what.label) || text_of(what.id)));
    }

    choices(what) {
        const choices = list_of(what.choices).slice(0, 200)
            .map(choice => ({title: text_of(choice?.title), value: text_of(choice?.value)}));
        const chosen = new Set(text_of(what.value).split(","));
        if (!what.isMultiSelect && !is(what.style, "expanded"))
            return this.drop_down(what, choices, chosen);

        const name = `card-${++last_id}`;
        const type = what.isMultiSelect ? "checkbox" : "radio";
        const boxes = choices.map(choice => {
            const control = element("input", {type, name, id: `card-${++last_id}`, value: choice.value});
            control.checked = chosen.has(choice.value);
            return {control, row: element("div", {class: "card-input is-choice"}, control,
                element("label", {for: control.id}, choice.title))};
        });
        const problem = element("p", {class: "problem"}, text_of(what.errorMessage) || "Please choose.");
        show(problem, false);
        this.keep(what, () => boxes.filter(b => b.control.checked).map(b => b.control.value).join(","),
            wrong => show(problem, wrong), boxes[0]?.control);
        return element("fieldset", {class: "card-choices"},
            element("legend", {}, (text_of(what.label) || text_of(what.id)) + (what.isRequired ? " (required)" : "")),
            ...boxes.map(b => b.row), problem);
    }

    drop_down(what, choices, chosen) {
        const id = `card-${++last_id}`;
        const control = element("select", {id}, element("option", {value: ""}, text_of(what.placeholder) || "Choose"),
            ...choices.map(choice => element("option", {value: choice.value}, choice.title)));
        control.value = choices.find(choice => chosen.has(choice.value))?.value ?? "";
        const {box, complain} = this.labelled(what, control, id, text_of(what.id));
        this.keep(what, () => control.value, complain, control);
        return box;
    }

    actions(list, depth) {
        return element("div", {class: "card-actions"}, ...list_of(list).slice(0, 20).map(what => this.action(what ?? {}, depth)));
    }

    action(what, depth) {
        const title = text_of(what.title) || "Press";
        const address = what.type === "Action.OpenUrl" ? web_address(what.url) : null;
        if (address)
            return link(address, title);
        if (what.type === "Action.Submit")
            return element("button", {type: "button", disabled: this.own, onclick: press => this.#press(press.target, what.data)}, title);
        if (what.type === "Action.ShowCard")
            return element("details", {class: "card-more"}, element("summary", {}, title), this.whole(what.card, depth + 1));
        return element("span", {class: "card-unknown"}, `${title}: this page has no “${text_of(what.type)}”.`);
    }

    async #press(button, data) {
        const missing = this.inputs.filter(input => {
            const wrong = input.required && input.value() === "";
            input.complain(wrong);
            return wrong;
        });
        if (missing.length > 0)
            return missing[0].focus?.focus();
        const inputs = data && typeof data === "object" && !Array.isArray(data) ? {...data} : {};
        for (const input of this.inputs)
            inputs[input.id] = input.value();
        button.disabled = true;
        await this.submit(inputs);
        button.disabled = false;
        if (document.activeElement === document.body) // a disabled button loses the focus
            button.focus();
    }

    whole(card, depth = 0) {
        const box = element("div", {class: "card-inside"}, ...this.elements(card?.body, depth));
        if (list_of(card?.actions).length > 0)
            box.append(this.actions(card.actions, depth));
        return box;
    }
}

export function draw_card(content, doing) {
    const box = element("section", {class: "card", "aria-label": "Card"}, new drawing(doing).whole(content));
    if (doing.own && box.querySelector(".card-actions button"))
        box.append(element("p", {class: "card-unknown"}, "Your own card: Webex lets only others submit it."));
    return box;
}

// What the button “Post a card” sends: one of each element that people ask a bot for.
export const sample_card = {
    contentType: "application/vnd.microsoft.card.adaptive",
    content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json", type: "AdaptiveCard", version: "1.3",
        body: [
            {type: "TextBlock", text: "Who takes the night shift?", weight: "bolder", size: "medium"},
            {type: "FactSet", facts: [{title: "From", value: "22:00"}, {title: "To", value: "06:00"}]},
            {type: "Input.Text", id: "note", label: "Note", placeholder: "Anything to know?"},
            {type: "Input.ChoiceSet", id: "part", label: "Part", value: "all",
             choices: [{title: "All of it", value: "all"}, {title: "The first half", value: "first"}]},
            {type: "Input.Toggle", id: "call", title: "Call me if it is urgent", valueOn: "yes", valueOff: "no"},
        ],
        actions: [{type: "Action.Submit", title: "I do", data: {op: "take"}}],
    },
};
