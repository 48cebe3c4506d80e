import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { test } from "node:test";

import { makeConnection } from "../../extension/background/connection.js";
import { makeHelper } from "../../extension/background/helper.js";
import { ConnectionError, RefusedError } from "../../extension/background/replies.js";
import { prove } from "../../extension/background/proof.js";
import { makeApi } from "./browser_api.js";
import { descriptionOf, refused, startHelper } from "./small_helper.js";

const HELLO = JSON.parse(readFileSync(new URL("../contract/hello.json", import.meta.url), "utf8"));
const CONTRACT = JSON.parse(readFileSync(new URL("../contract/description.json", import.meta.url), "utf8"));
const IMAGE = new Blob([new Uint8Array([1, 2, 3, 255])], { type: "image/png" });
const REQUEST = CONTRACT.request;

/** @param {{native?: (question: any) => any, now?: () => number, clock?: () => number}} [options] */
function setUp({ native, now = Date.now, clock = Date.now } = {}) {
  const { api, nativeAsked } = makeApi({ native });
  const connection = makeConnection({ api, now });
  return { api, nativeAsked, connection, helper: makeHelper({ fetch, crypto, connection, now: clock }) };
}

/** @param {string} state */
const isState = (state) => (/** @type {unknown} */ error) => error instanceof ConnectionError && error.state === state;

test("proof and session are those of the contract", async () => {
  const bearer = await prove(crypto, HELLO, HELLO.client_nonce, HELLO.helper_nonce, HELLO.proof);
  assert.equal(`Bearer ${bearer}`, HELLO.authorization);
});

for (const [what, change] of /** @type {[string, (hello: any) => any][]} */ ([
  ["another port", (hello) => ({ ...hello, port: hello.port + 1 })],
  ["another client", (hello) => ({ ...hello, client: "browser-2" })],
  ["another nonce", (hello) => ({ ...hello, client_nonce: hello.helper_nonce })],
  ["another key", (hello) => ({ ...hello, key: hello.client_nonce })],
  ["a proof with one bit changed", (hello) => ({ ...hello, proof: hello.proof.replace("k2", "k3") })],
  ["the session in place of the proof", (hello) => ({ ...hello, proof: hello.session })],
  ["no proof", (hello) => ({ ...hello, proof: "" })],
  ["a proof of a length that no bytes have", (hello) => ({ ...hello, proof: "A" })],
  ["nonsense", (hello) => ({ ...hello, proof: "{}" })],
])) {
  test(`a proof with ${what} proves nothing`, async () => {
    const wrong = change(HELLO);
    assert.equal(await prove(crypto, wrong, wrong.client_nonce, wrong.helper_nonce, wrong.proof), null);
  });
}

test("an image and its context reach the helper, and its answer comes back", async () => {
  const small = await startHelper({ describe: () => CONTRACT.reply });
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  assert.deepEqual(await helper.describe(IMAGE, REQUEST), CONTRACT.reply);
  const sent = small.asked.at(-1);
  assert.deepEqual(sent?.body, REQUEST);
  assert.deepEqual([...(sent?.image ?? [])], [1, 2, 3, 255]);
  await small.close();
});

test("the key never leaves the browser, and the second request needs no second hello", async () => {
  const small = await startHelper();
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await helper.describe(IMAGE, REQUEST);
  await helper.describe(IMAGE, REQUEST);
  assert.deepEqual(small.routes(), ["POST /v1/hello", "POST /v1/descriptions", "POST /v1/descriptions"]);
  assert.ok(!JSON.stringify(small.asked).includes(small.pairing.key));
  await small.close();
});

test("many requests at once greet once", async () => {
  const small = await startHelper();
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await Promise.all([1, 2, 3, 4].map(() => helper.describe(IMAGE, REQUEST)));
  assert.equal(small.routes().filter((route) => route === "POST /v1/hello").length, 1);
  await small.close();
});

test("a helper that was not heard for some seconds proves itself again before it gets anything", async () => {
  const small = await startHelper();
  let seconds = 0;
  const { helper, connection } = setUp({ clock: () => seconds * 1000 });
  await connection.keepPairing(small.pairing);
  await helper.describe(IMAGE, REQUEST);
  seconds = 4;
  await helper.describe(IMAGE, REQUEST);
  seconds = 8;
  await helper.describe(IMAGE, REQUEST);
  assert.equal(small.routes().filter((route) => route === "POST /v1/hello").length, 1);
  const { port } = small.pairing;
  await small.close();
  const stranger = await startHelper({ port, key: Buffer.from(small.pairing.key, "base64url"), signingKey: randomBytes(32) });
  await new Promise((resolve) => setTimeout(resolve, 50)); // Node notices only then that its old connection is closed.
  seconds = 14;
  await assert.rejects(helper.describe(IMAGE, REQUEST), isState("stranger"));
  assert.deepEqual(stranger.routes(), ["POST /v1/hello"]);
  await stranger.close();
});

test("a late refusal does not end a newer session", async () => {
  const { connection } = setUp();
  await connection.keepSession({ bearer: "new", port: 1 });
  await connection.forgetSession({ bearer: "old", port: 1 });
  assert.equal((await connection.session())?.bearer, "new");
  await connection.forgetSession({ bearer: "new", port: 1 });
  assert.equal(await connection.session(), null);
});

/** @param {import("node:http").ServerResponse} reply */
function talkOn(reply) {
  const words = new Readable({ read() { this.push(" ".repeat(65_536)); } });
  reply.on("close", () => words.destroy()); // or it would fill the memory
  words.pipe(reply);
}

/** @type {[string, "stopped" | "stranger", (reply: import("node:http").ServerResponse) => void][]} */
const ODD = [
  ["breaks off its greeting", "stopped", (reply) => void reply.writeHead(200, { "content-length": "99" }).write("{", () => reply.destroy())],
  ["has an error of its own", "stopped", (reply) => void reply.writeHead(503).end("{}")],
  ["sends no proof that could be one", "stranger", (reply) => void reply.end(JSON.stringify({ nonce: "A", proof: "A" }))],
  ["talks without end", "stranger", talkOn],
];
for (const [what, state, answer] of ODD) {
  test(`a program at the port that ${what} is ${state}`, async () => {
    const server = createServer((_, reply) => answer(reply)).unref();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const { helper, connection } = setUp();
    await connection.keepPairing({ client: "browser-1", key: HELLO.key, port });
    await assert.rejects(helper.meet(), isState(state));
    server.closeAllConnections();
    server.close();
  });
}

test("a session that ended is begun anew, and nobody notices", async () => {
  const small = await startHelper();
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await helper.describe(IMAGE, REQUEST);
  small.forgetSessions();
  assert.equal((await helper.describe(IMAGE, REQUEST)).id, descriptionOf("").id);
  await small.close();
});

test("a stranger on the helper's port gets neither image nor bearer", async () => {
  const stranger = await startHelper({ signingKey: randomBytes(32) });
  const { helper, connection } = setUp();
  await connection.keepPairing(stranger.pairing);
  await assert.rejects(helper.describe(IMAGE, REQUEST), isState("stranger"));
  assert.deepEqual(stranger.routes(), ["POST /v1/hello"]);
  assert.equal(stranger.asked[0]?.headers.authorization, undefined);
  await stranger.close();
});

test("without pairing and native host, the browser is unpaired", async () => {
  await assert.rejects(setUp().helper.meet(), isState("unpaired"));
});

test("when nobody listens, the helper is stopped", async () => {
  const small = await startHelper();
  await small.close();
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await assert.rejects(helper.describe(IMAGE, REQUEST), isState("stopped"));
});

test("when the helper does not know us any more, we are unpaired", async () => {
  const small = await startHelper();
  const { helper, connection } = setUp();
  await connection.keepPairing({ ...small.pairing, client: "forgotten" });
  await assert.rejects(helper.meet(), isState("unpaired"));
  await small.close();
});

test("the native host pairs without a question", async () => {
  const small = await startHelper();
  const { helper, nativeAsked } = setUp({ native: () => ({ ...small.pairing, running: true }) });
  await helper.describe(IMAGE, REQUEST);
  assert.deepEqual(nativeAsked, [
    { host: "org.altaloud.helper", ask: "connect", origin: "chrome-extension://altaloud" },
  ]);
  await small.close();
});

test("a helper that restarted on another port is found through the native host", async () => {
  const key = randomBytes(32);
  const first = await startHelper({ key });
  let current = first;
  const { helper } = setUp({ native: () => ({ ...current.pairing, running: true }), now: hourly() });
  await helper.describe(IMAGE, REQUEST);
  await first.close();
  current = await startHelper({ key });
  await helper.describe(IMAGE, REQUEST);
  assert.deepEqual(current.routes(), ["POST /v1/hello", "POST /v1/descriptions"]);
  await current.close();
});

test("a native host that says the helper is not running is believed", async () => {
  const native = () => ({ client: "browser-1", key: HELLO.key, port: 1, running: false });
  await assert.rejects(setUp({ native }).helper.meet(), isState("stopped"));
});

test("the native host is not started again and again by itself, but at once for the user", async () => {
  const { helper, nativeAsked } = setUp({ native: () => ({ error: "no" }), now: () => 0 });
  await assert.rejects(helper.meet());
  await assert.rejects(helper.meet());
  assert.equal(nativeAsked.length, 1);
  await assert.rejects(helper.meet({ eager: true }));
  assert.equal(nativeAsked.length, 2);
});

test("a code that the user types pairs; a wrong one is refused in the helper's words", async () => {
  const small = await startHelper();
  const { helper } = setUp();
  assert.deepEqual(await helper.pair("123456", small.pairing.port), small.pairing);
  await assert.rejects(
    helper.pair("000000", small.pairing.port),
    (error) => error instanceof RefusedError && error.message === "that code is not right" && error.advice === "Ask for a new code.",
  );
  await small.close();
});

test("the helper's refusal keeps its message, its advice and its time", async () => {
  const small = await startHelper({
    describe: () => refused(429, "TooManyRequestsError", "too many at once", "Wait a little.", { "retry-after": "7" }),
  });
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await assert.rejects(helper.describe(IMAGE, REQUEST), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.deepEqual(
      [error.message, error.advice, error.status, error.retryAfterSeconds],
      ["too many at once", "Wait a little.", 429, 7],
    );
    return true;
  });
  await small.close();
});

test("what is cancelled ends at once, as cancelled", async () => {
  const small = await startHelper({ describe: () => new Promise(() => undefined) });
  const { helper, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const cancel = new AbortController();
  const asked = helper.describe(IMAGE, REQUEST, { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 50);
  await assert.rejects(asked, { name: "AbortError" });
  await small.close();
});

test("session bearers are kept apart from what lies on the disk", async () => {
  const small = await startHelper();
  const { helper, connection, api } = setUp();
  await connection.keepPairing(small.pairing);
  await helper.meet();
  const { bearer } = (await connection.session()) ?? { bearer: "none" };
  assert.ok(bearer.startsWith("browser-1."));
  assert.ok(!api.storage.local.text().includes(bearer));
  await small.close();
});

/** A clock by which an hour passes between two looks. */
function hourly() {
  let hours = 0;
  return () => (hours += 1) * 3_600_000;
}
