// node install.mjs NPM: the clients as package-lock.json pins them; nothing to do when they are there.
import {spawnSync} from "node:child_process";
import {existsSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const lock = join(here, "package-lock.json");
const done = join(here, "node_modules", ".package-lock.json"); // npm writes it last
if (!existsSync(done) || statSync(done).mtimeMs < statSync(lock).mtimeMs) {
    const made = spawnSync(process.argv[2], ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        {cwd: here, stdio: "inherit"});
    if (made.status !== 0) {
        console.error("npm ci failed: other people's clients cannot be fetched");
        process.exit(1);
    }
}
