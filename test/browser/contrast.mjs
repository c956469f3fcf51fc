// The contrast (WCAG 2) of every word that a page shows against what is behind it, from computed colours:
// [{words, ratio, ground (luminance)}]. Disabled controls are left out, as WCAG does.
export function contrasts(page) {
    return page.evaluate(() => {
        const colour = text => {
            const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
            return {r, g, b, a};
        };
        const over = (top, below) => ({
            r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a),
            b: top.b * top.a + below.b * (1 - top.a), a: 1,
        });
        const luminance = ({r, g, b}) => [r, g, b].map(v => v / 255)
            .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = node => {
            const layers = [];
            for (let at = node; at; at = at.parentElement)
                layers.push(colour(getComputedStyle(at).backgroundColor));
            return layers.reduceRight((below, top) => over(top, below), {r: 255, g: 255, b: 255, a: 1});
        };
        const found = [];
        const measure = (node, words, ink) => {
            const ground = behind(node);
            const [dark, light] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => a - b);
            found.push({words, ratio: (light + 0.05) / (dark + 0.05), ground: luminance(ground)});
        };
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode.parentElement;
            const words = walker.currentNode.data.trim();
            if (words !== "" && node.checkVisibility() && !node.closest(":disabled, option, noscript"))
                measure(node, words, colour(getComputedStyle(node).color));
        }
        const box = document.getElementById("text");
        measure(box, box.placeholder, colour(getComputedStyle(box, "::placeholder").color));
        return found;
    });
}
