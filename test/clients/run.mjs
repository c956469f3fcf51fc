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
const scratch = mkdtempSync(join(tmpdir(), "postern-clients-")); // for the bot's data and what the tests write
const failures = [];
const children = [];

function within(promise, what, seconds = 15) {
    let timer;
    const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`${what}: not within ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// With a bare environment: no proxy of this machine, no setting of whoever runs the tests.
function start(program, args, variables = {}, output = "pipe") {
    const started = spawn(program, args, {
        stdio: ["ignore", output, "inherit"],
        env: {PATH: process.env.PATH, TMPDIR: scratch, ...variables},
    });
    const end = new Promise(done => {
        started.once("exit", (code, signal) => done(signal ?? code));
        started.once("error", error => done(error.message));
    });
    const child = {process: started, end, name: args[0]};
    children.push(child);
    return child;
}

// The line of JSON that says where it listens.
async function ready(child) {
    const lines = createInterface({input: child.process.stdout})[Symbol.asyncIterator]();
    const gone = child.end.then(() => ({}));
    const first = await within(Promise.race([lines.next(), gone]), `the start of postern ${child.name}`);
    if (!first.value)
        throw new Error(`postern ${child.name} did not get ready; it ended with ${await child.end}`);
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

    let bot;
    if (with_bot === "--with-bot") {
        bot = start(postern, ["run", "--mode", "webhook", "--api-url", cloud.api, "--listen", "127.0.0.1:0",
            "--data-dir", join(scratch, "data")], {WEBEX_ACCESS_TOKEN: cloud.tokens.bot});
        await ready(bot);
    }
    const identity = new URL("/identity", cloud.api).href; // nobody logs in; if a client tries, it stays here
    const client = start(process.execPath, ["--test", "--test-reporter=spec", join(here, tests)], {
        POSTERN_CLOUD: JSON.stringify(cloud),
        HYDRA_SERVICE_URL: cloud.api,
        U2C_SERVICE_URL: cloud.u2c,
        IDBROKER_BASE_URL: identity,
        IDENTITY_BASE_URL: identity,
    }, "inherit");
    const tested = await within(client.end, tests, 120);
    if (tested !== 0)
        failures.push(`${tests} ended with ${tested}`);
    if (bot)
        await stop(bot);

    const state = await (await fetch(`${cloud.control}/state`)).json();
    for (const hook of state.webhooks)
        failures.push(`the webhook "${hook.name}" was left in the cloud`);
    await stop(emulator);
}

await run().catch(failure => failures.push(failure.message));
for (const child of children) { // still there only after a failure, which is told below
    if (child.process.exitCode === null && child.process.signalCode === null)
        child.process.kill("SIGTERM");
    await within(child.end, "").catch(() => child.process.kill("SIGKILL"));
}
rmSync(scratch, {recursive: true, force: true});
for (const failure of failures)
    console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
