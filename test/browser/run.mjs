// node run.mjs POSTERN CHROMIUM NPM STANDIN MODE [NAMES]: starts `postern demo --mode MODE`, with the folder STANDIN first on PATH if
// it is there, runs the tests of its page in the browser, ends it with SIGTERM and wants exit code 0 of all.
import {spawn, spawnSync} from "node:child_process";
import {existsSync, statSync} from "node:fs";
import {delimiter, dirname, join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [postern, chromium, npm, standin, mode, names = "."] = process.argv.slice(2); // names: a pattern of tests
const limit = 15000; // ms, for a start and for a stop

function install() {
    const done = join(here, "node_modules", ".package-lock.json");
    if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(here, "package-lock.json")).mtimeMs)
        return;
    const made = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        {cwd: here, stdio: "inherit"});
    if (made.status !== 0)
        throw new Error("npm ci failed: the browser's driver cannot be fetched");
}

function within(promise, what) {
    let timer;
    const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`${what}: not within ${limit / 1000} s`)), limit);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const ended = child => new Promise(done => child.once("exit", (code, signal) => done(signal ?? code)));

async function page_of(demo, end) {
    const lines = createInterface({input: demo.stdout})[Symbol.asyncIterator]();
    const first = await within(Promise.race([lines.next().then(line => line.value), end]), "the demo's address");
    const page = typeof first === "string" ? JSON.parse(first).page : undefined;
    if (!page)
        throw new Error(`postern demo did not say where its page is (${first})`);
    return page;
}

install();
const has_standin = existsSync(join(standin, "ngrok"));
const demo = spawn(postern, ["demo", "--mode", mode, "--listen", "127.0.0.1:0"], {stdio: ["ignore", "pipe", "inherit"],
    env: {...process.env, PATH: has_standin ? standin + delimiter + process.env.PATH : process.env.PATH}});
const end = ended(demo);
let tested = 1;
try {
    const page = await page_of(demo, end);
    const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", `--test-name-pattern=${names}`, join(here, "demo.test.mjs")],
        {stdio: "inherit", env: {...process.env, POSTERN_PAGE: page, POSTERN_MODE: mode, POSTERN_STANDIN: has_standin ? "1" : "", POSTERN_CHROMIUM: chromium}});
    tested = await ended(tests);
} catch (failure) {
    console.error(failure.message);
}
demo.kill("SIGTERM");
const code = await within(end, "the demo's end after SIGTERM").catch(failure => {
    demo.kill("SIGKILL");
    return failure.message;
});
if (code !== 0)
    console.error(`postern demo ended with ${code}, expected 0`);
process.exit(tested === 0 && code === 0 ? 0 : 1);
