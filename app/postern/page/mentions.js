// A person types "@Postern /help"; the service wants "<@personEmail:postern@webex.bot|Postern> /help".

const quoted = words => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// Longest names first, so that "@Bob Miller" is not taken for "@Bob".
function names_of(people) {
    const names = [];
    for (const person of people) {
        const name = String(person.name ?? "").trim();
        for (const word of [name, name.split(/\s+/)[0], person.also])
            if (word && person.email && !names.some(known => known.word.toLowerCase() === word.toLowerCase()))
                names.push({word, person});
    }
    return names.sort((a, b) => b.word.length - a.word.length);
}

function pattern(names) {
    const words = names.map(known => quoted(known.word)).join("|");
    return new RegExp(`(?<![\\p{L}\\p{N}_@.])@(${words})(?![\\p{L}\\p{N}_@]|\\.[\\p{L}\\p{N}])`, "giu");
}

// Whether any of these people (name, email, also: another word for them) is mentioned.
export function mentions_in(words, people) {
    const names = names_of(people);
    return names.length > 0 && pattern(names).test(words);
}

export function with_mentions(words, people) {
    const names = names_of(people);
    return words.replace(pattern(names), (whole, word) => {
        const {person} = names.find(known => known.word.toLowerCase() === word.toLowerCase());
        return `<@personEmail:${person.email}|${person.name.replace(/[<>|]/g, "")}>`;
    });
}
