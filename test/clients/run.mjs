// node run.mjs POSTERN TEST [--with-bot]: runs a file of tests against `postern emulator`, on request with
// `postern run` as the bot in it; ends both with SIGTERM, and wants exit code 0 and nothing left behind.
import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [postern, tests, with_bot] = process.argv.slice(2);
const limit = 15000; // ms, for a start and for a stop
const failures = [];
const children = [];

function within(promise, what) {
    let timer;
    const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`${what}: not within ${limit / 1000} s`)), limit);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// A bare environment: no proxy of this machine, no setting of whoever runs the tests. Standard output is piped only
// where it is read.
function start(program, args, variables = {}, output = "pipe") {
    const process_ = spawn(program, args, {
        stdio: ["ignore", output, "inherit"],
        env: {PATH: process.env.PATH, TMPDIR: tmpdir(), ...variables},
    });
    const end = new Promise(done => {
        process_.once("exit", (code, signal) => done(signal ?? code));
        process_.once("error", error => done(error.message));
    });
    const child = {process: process_, end, name: args[0]};
    children.push(child);
    return child;
}

// The line of JSON that says where it listens.
async function ready(child) {
    const lines = createInterface({input: child.process.stdout})[Symbol.asyncIterator]();
    const gone = child.end.then(code => ({value: undefined, code}));
    const first = await within(Promise.race([lines.next(), gone]), `the start of postern ${child.name}`);
    if (!first.value)
        throw new Error(`postern ${child.name} did not get ready${"code" in first ? `: it ended with ${first.code}` : ""}`);
    return JSON.parse(first.value);
}

async function stop(child) {
    child.process.kill("SIGTERM");
    const code = await within(child.end, `the end of postern ${child.name} after SIGTERM`);
    if (code !== 0)
        failures.push(`postern ${child.name} ended with ${code}, expected 0`);
}

async function run() {
    const emulator = start(postern, ["emulator", "--port", "0"]);
    const cloud = await ready(emulator);

    const data = mkdtempSync(join(tmpdir(), "postern-clients-"));
    try {
        let bot;
        if (with_bot === "--with-bot") {
            bot = start(postern, ["run", "--mode", "webhook", "--api-url", cloud.api, "--listen", "127.0.0.1:0",
                "--data-dir", data], {WEBEX_ACCESS_TOKEN: cloud.tokens.bot});
            await ready(bot);
        }
        const identity = new URL("/identity", cloud.api).href; // nobody logs in; if a client tries, it stays here
        const tested = await start(process.execPath, ["--test", "--test-reporter=spec", join(here, tests)], {
            POSTERN_CLOUD: JSON.stringify(cloud),
            HYDRA_SERVICE_URL: cloud.api,
            U2C_SERVICE_URL: cloud.u2c,
            IDBROKER_BASE_URL: identity,
            IDENTITY_BASE_URL: identity,
        }, "inherit").end;
        if (tested !== 0)
            failures.push(`${tests} ended with ${tested}`);
        if (bot)
            await stop(bot);
    } finally {
        rmSync(data, {recursive: true, force: true});
    }
    const state = await (await fetch(`${cloud.control}/state`)).json();
    for (const hook of state.webhooks)
        failures.push(`the webhook "${hook.name}" was left in the cloud`);
    await stop(emulator);
}

await run().catch(failure => failures.push(failure.message));
for (const child of children)
    if (child.process.exitCode === null && child.process.signalCode === null)
        child.process.kill("SIGKILL"); // after a failure above, which says so
for (const failure of failures)
    console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
