import {by_id, element, show} from "./dom.js";

// Who is in the group room that is shown, and of which organisation: people are invited and removed here. Whoever is
// of another organisation than the bot stands out.

// on: {invite(person), remove(member)}
export class members_panel {
    constructor(on) {
        this.on = on;
        this.everybody = [];
        by_id("invite").addEventListener("submit", event => {
            event.preventDefault();
            const chosen = this.everybody.find(person => person.key === by_id("invitee").value);
            if (chosen)
                on.invite(chosen);
        });
    }

    draw({room, members, info, me}) {
        this.everybody = [info.bot, ...info.people];
        const group = room?.type === "group" && members.length > 0;
        show(by_id("members"), group);
        if (!group)
            return;
        const shown = members.map(member => ({member, organisation: this.#organisation_of(member, members)}));
        const strange = shown.filter(one => one.organisation !== info.bot.organisation).length;
        by_id("members-count").textContent = members.length === 1 ? "1 member" : `${members.length} members`;
        by_id("members-strange").textContent = strange ? `${strange} of another organisation` : "";
        show(by_id("members-strange"), strange > 0);
        this.#draw_list(shown, info.bot.organisation, me);
        this.#draw_invitees(members);
    }

    // Only the demo's own people are known by name; others are told apart by their organisation's id.
    #organisation_of(member, members) {
        const named = id => this.everybody.find(person => person.id === id)?.organisation;
        const colleague = members.find(other => other.personOrgId && other.personOrgId === member.personOrgId && named(other.personId));
        return named(member.personId) ?? (colleague ? named(colleague.personId) : "unknown organisation");
    }

    #draw_list(shown, own, me) {
        const focused = document.activeElement?.dataset?.member;
        by_id("members-list").replaceChildren(...shown.map(({member, organisation}) => {
            const name = member.personDisplayName || member.personEmail || "Somebody";
            const mine = member.personId === me.id;
            return element("li", {class: organisation === own ? null : "is-strange"},
                element("span", {class: "member-name"}, mine ? `${name} (you)` : name),
                element("span", {class: "organisation"}, organisation),
                member.isModerator ? element("span", {class: "tag"}, "moderator") : null,
                element("button", {type: "button", "data-member": member.id, "aria-label": mine ? "Leave the room" : `Remove ${name}`,
                    onclick: () => this.on.remove(member)}, mine ? "Leave" : "Remove"));
        }));
        if (focused === undefined)
            return;
        const again = [...by_id("members-list").querySelectorAll("button")].find(b => b.dataset.member === focused);
        (again ?? by_id("members-summary")).focus();
    }

    #draw_invitees(members) {
        const out = this.everybody.filter(person => !members.some(member => member.personId === person.id));
        const before = by_id("invitee").value;
        by_id("invitee").replaceChildren(...out.map(person =>
            element("option", {value: person.key}, `${person.name}, ${person.organisation}`)));
        if (out.some(person => person.key === before))
            by_id("invitee").value = before;
        show(by_id("invite"), out.length > 0);
    }
}
