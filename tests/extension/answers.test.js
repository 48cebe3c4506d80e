import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { NoImageError } from "../../extension/background/images.js";
import { MESSAGE, OWN_PAGES_ONLY } from "../../extension/shared/messages.js";
import { CONTEXT, OPTIONS, PAGE, QUESTION, setUp } from "./answering.js";
import { descriptionOf, refused, startHelper } from "./small_helper.js";

test("an image is fetched, described, and the toolbar says that all is well", async () => {
  const small = await startHelper();
  const { ask, connection, seen, fetched } = setUp();
  await connection.keepPairing(small.pairing);
  const { description } = await ask(QUESTION);
  assert.equal(description.alt, "words for a.png");
  assert.deepEqual(small.asked.at(-1)?.body, { context: CONTEXT, priority: "visible", detail: "short", hedges: true, language: null, private: false, speak: false });
  assert.deepEqual([fetched[0].page, fetched[0].forPage], ["https://shop.example/new", true]);
  assert.deepEqual(seen, { text: "", title: "Altaloud: connected" });
  await small.close();
});

test("nothing of a private window is remembered, and the user's language is asked for", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await ask({ type: MESSAGE.changeSettings, changes: { language: "de" } }, OPTIONS);
  await ask(QUESTION, { ...PAGE, tab: { ...PAGE.tab, incognito: true } });
  const { private: isPrivate, language } = /** @type {any} */ (small.asked.at(-1)).body;
  assert.deepEqual([isPrivate, language], [true, "de"]);
  await small.close();
});

test("private windows and containers are known as such", async () => {
  const small = await startHelper();
  const { ask, connection, fetched } = setUp();
  await connection.keepPairing(small.pairing);
  await ask(QUESTION, { ...PAGE, tab: { ...PAGE.tab, cookieStoreId: "firefox-default" } });
  await ask(QUESTION, { ...PAGE, tab: { ...PAGE.tab, cookieStoreId: "firefox-container-1" } });
  await ask(QUESTION, { ...PAGE, tab: { ...PAGE.tab, incognito: true } });
  await ask(QUESTION);
  assert.deepEqual(fetched.map(({ isolated }) => isolated), [false, true, true, false]);
  await small.close();
});

test("a page that is closed to extensions is said not to be reached", async () => {
  const { ask } = setUp({ isClosed: true });
  assert.deepEqual(await ask({ type: MESSAGE.fillTab, tab: { id: 1 } }, OPTIONS), { reached: false });
  assert.deepEqual(await ask({ type: MESSAGE.undoTab, tab: { id: 1 } }, OPTIONS), { reached: false });
});

for (const [what, image, expected] of /** @type {[string, Blob, string][]} */ ([
  ["file over the limit", new Blob([new Uint8Array(64_000_001)], { type: "image/png" }), "The image file is too large."],
  ["drawing of too much text", new Blob(["<svg>", " ".repeat(2_000_000)], { type: "image/svg+xml" }), "The image file is too large."],
])) {
  test(`a ${what} goes neither to the helper nor back to the page`, async () => {
    const small = await startHelper();
    const { ask, connection } = setUp();
    await connection.keepPairing(small.pairing);
    assert.equal((await ask({ ...QUESTION, image: { bytes: image } })).problem.message, expected);
    assert.deepEqual(small.routes(), []);
    await small.close();
  });
}

test("a cancel and a raise that follow at once are not missed", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const cancelled = ask(QUESTION);
  void ask({ type: MESSAGE.cancel, ids: [1] });
  assert.equal((await cancelled).problem.state, "cancelled");
  const raised = ask({ ...QUESTION, id: 2 });
  void ask({ type: MESSAGE.raise, priorities: [[2, "focused"]] });
  assert.ok((await raised).description);
  assert.equal(/** @type {any} */ (small.asked.at(-1)).body.priority, "focused");
  await small.close();
});

for (const [what, error, expected] of /** @type {[string, () => never | any, any][]} */ ([
  ["cannot be fetched", () => { throw new NoImageError("gone"); }, "The image could not be loaded."],
])) {
  test(`an image that ${what} is a problem in words`, async () => {
    const { ask } = setUp({ getImage: error });
    const { problem } = await ask(QUESTION);
    assert.deepEqual([problem.state, problem.message], ["connected", expected]);
  });
}

test("the helper's refusal reaches the page as sentences for the ear, with its time only where waiting helps", async () => {
  const answers = [
    refused(415, "UnreadableImageError", "not an image", "Run `altaloud doctor`.", { "retry-after": "9" }),
    refused(503, "ChildCrashedError", "busy", "Wait.", { "retry-after": "2" }),
    refused(503, "ChildCrashedError", "busy", "Wait."),
  ];
  const small = await startHelper({ describe: () => answers.shift() ?? {} });
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  assert.deepEqual((await ask(QUESTION)).problem, {
    state: "connected",
    message: "Not an image.",
    advice: "Run “altaloud doctor”.",
    language: "en",
    retryAfterSeconds: undefined,
  });
  assert.equal((await ask(QUESTION)).problem.retryAfterSeconds, 2);
  assert.equal((await ask(QUESTION)).problem.retryAfterSeconds, 5);
  await small.close();
});

test("why there is no answer is said aloud to whoever asked with a key, by whom they chose", async () => {
  const small = await startHelper({ describe: () => refused(415, "UnreadableImageError", "not an image", "Send another.") });
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const spoken = () => small.asked.filter(({ route }) => route === "POST /v1/speech").map(({ body }) => body);
  assert.equal((await ask(QUESTION)).problem.spoken, undefined);
  assert.deepEqual(spoken(), []);
  assert.equal((await ask({ ...QUESTION, byUser: true, speak: true })).problem.spoken, true);
  assert.deepEqual(spoken(), [{ text: "Not an image. Send another.", language: "en" }]);
  await ask({ type: MESSAGE.changeSettings, changes: { speech: "reader" } }, OPTIONS);
  assert.equal((await ask({ ...QUESTION, byUser: true, speak: true })).problem.spoken, false);
  assert.equal(spoken().length, 1);
  await small.close();
});

test("when the helper is not running, the toolbar says so, and says it again when it is back", async () => {
  const small = await startHelper();
  const { ask, connection, seen, told } = setUp();
  await connection.keepPairing({ ...small.pairing, port: 1 });
  assert.equal((await ask(QUESTION)).problem.state, "stopped");
  assert.deepEqual(seen, { text: "!", title: "Altaloud: the helper is not running" });
  await connection.keepPairing(small.pairing);
  assert.equal((await ask({ type: MESSAGE.isReady })).state, "connected");
  assert.equal(seen.text, "");
  assert.deepEqual(told, ["ready"]);
  await small.close();
});

test("a drawing goes back to be drawn, a lost Blob is asked for again", async () => {
  const { ask } = setUp({ getImage: () => new Blob(["<svg/>"], { type: "image/svg+xml" }) });
  assert.deepEqual(await ask(QUESTION), { draw: "<svg/>" });
  assert.deepEqual(await ask({ ...QUESTION, image: { bytes: {} } }), { resend: true });
});

test("a question that the page takes back is cancelled", async () => {
  const small = await startHelper({ describe: () => new Promise(() => undefined) });
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const asked = ask(QUESTION);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await ask({ type: MESSAGE.cancel, ids: [1] });
  assert.equal((await asked).problem.state, "cancelled");
  await small.close();
});

test("at most three images of pages are with the helper at once", async () => {
  /** @type {(() => void)[]} */
  const held = [];
  // Each waits for two others, and they all for a fourth that must not come.
  const describe = () =>
    new Promise((resolve) => {
      held.push(() => resolve(descriptionOf("words")));
      if (held.length === 3) setTimeout(() => held.splice(0).forEach((release) => release()), 50);
    });
  const small = await startHelper({ describe });
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await Promise.all(Array.from({ length: 12 }, (_, id) => ask({ ...QUESTION, id })));
  assert.equal(small.mostAtOnce(), 3);
  await small.close();
});

test("a content script cannot pair, start or change settings, and nobody else can do anything", async () => {
  const { ask, nativeAsked } = setUp();
  for (const type of OWN_PAGES_ONLY) assert.equal(await ask({ type, changes: { mode: "asked" } }), null, type);
  assert.equal(await ask({ type: MESSAGE.state }, { ...OPTIONS, url: "https://evil.test/?chrome-extension://altaloud/" }), null);
  assert.equal(await ask(QUESTION, { ...PAGE, id: "another-extension" }), null);
  for (const type of ["toString", "__proto__", "constructor", undefined]) assert.equal(await ask({ type }), null);
  assert.deepEqual(nativeAsked, []);
});

test("Connect pairs through the native host; a code pairs where there is none", async () => {
  const small = await startHelper();
  const withHost = setUp({ native: () => ({ ...small.pairing, running: true }) });
  const overview = await withHost.ask({ type: MESSAGE.connect }, OPTIONS);
  assert.deepEqual([overview.state, overview.port, overview.canStart], ["connected", small.pairing.port, true]);

  const without = setUp();
  assert.equal((await without.ask({ type: MESSAGE.connect }, OPTIONS)).state, "unpaired");
  const wrong = await without.ask({ type: MESSAGE.pair, code: "000000", port: small.pairing.port }, OPTIONS);
  assert.deepEqual([wrong.state, wrong.problem.message], ["unpaired", "That code is not right."]);
  const right = await without.ask({ type: MESSAGE.pair, code: " 123456 ", port: small.pairing.port }, OPTIONS);
  assert.deepEqual([right.state, right.problem], ["connected", null]);
  assert.equal((await without.ask({ type: MESSAGE.pair, code: "1", port: Number.NaN }, OPTIONS)).problem.message, "A port is a number from 1 to 65535.");
  await small.close();
});

test("a code that went to another program is not said to have been kept back", async () => {
  const stranger = createServer((_, reply) => void reply.end("{}")).unref();
  await new Promise((resolve) => stranger.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (stranger.address());
  const { problem } = await setUp().ask({ type: MESSAGE.pair, code: "123456", port }, OPTIONS);
  assert.equal(problem.message, "What answers at this port is not Altaloud’s helper.");
  stranger.closeAllConnections();
  stranger.close();
});

test("the native host starts the helper, or says why it cannot", async () => {
  const small = await startHelper();
  const native = (/** @type {any} */ { ask }) => (ask === "start" ? { running: true, port: small.pairing.port } : { ...small.pairing, running: true });
  assert.equal((await setUp({ native }).ask({ type: MESSAGE.start }, OPTIONS)).state, "connected");
  const failing = setUp({ native: () => ({ error: "PortTakenError", message: "port 41717 is taken", advice: "Free it." }) });
  const { problem } = await failing.ask({ type: MESSAGE.start }, OPTIONS);
  assert.deepEqual([problem.message, problem.advice], ["Port 41717 is taken.", "Free it."]);
  await small.close();
});

test("a picture whose pixels nobody gives away is photographed for the user alone", async () => {
  const small = await startHelper();
  const getImage = () => {
    throw new NoImageError("gone");
  };
  const { ask, api, connection } = setUp({ getImage });
  await connection.keepPairing(small.pairing);
  /** @type {unknown[]} */
  const shots = [];
  api.tabs.captureVisibleTab = async (/** @type {number} */ window) => {
    shots.push(window);
    throw new NoImageError("not in this test");
  };
  const image = { ...QUESTION.image, inView: { left: 0, top: 0, right: 1, bottom: 1 } };
  const sender = { ...PAGE, frameId: 0, tab: { ...PAGE.tab, active: true, windowId: 3 } };
  await ask({ ...QUESTION, image }, sender);
  await ask({ ...QUESTION, image, byUser: true }, { ...sender, frameId: 4 });
  await ask({ ...QUESTION, image, byUser: true }, { ...sender, tab: { ...sender.tab, active: false } });
  assert.deepEqual(shots, []);
  const { problem } = await ask({ ...QUESTION, image, byUser: true }, sender);
  assert.deepEqual(shots, [3]);
  assert.equal(problem.message, "The image could not be loaded.");
  await small.close();
});

test("a question goes to the helper with the image, and its answer comes back", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const question = { ...QUESTION, byUser: true, speak: true, question: "Is it open?" };
  assert.equal((await ask(question, { ...PAGE, tab: { ...PAGE.tab, incognito: true } })).answer.answer, "an answer to Is it open?");
  const { route, body, image } = /** @type {any} */ (small.asked.at(-1));
  assert.deepEqual([route, body], ["POST /v1/questions", { language: null, private: true, speak: true, question: "Is it open?" }]);
  assert.equal(image.length, 2);
  await small.close();
});

test("without the model for questions, the helper's own sentence is what the user gets", async () => {
  const small = await startHelper({ answer: () => refused(503, "ModelMissingError", "the model is not here", "Run it.") });
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const { problem } = await ask({ ...QUESTION, byUser: true, question: "What?" });
  assert.deepEqual([problem.message, problem.advice], ["The model is not here.", "Run it."]);
  await small.close();
});

test("the user's own words are kept by the helper", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  assert.deepEqual(await ask({ type: MESSAGE.correct, descriptionId: "d1", alt: "Ours" }), { alt: "Ours" });
  assert.deepEqual(small.asked.at(-1)?.body, { description_id: "d1", alt: "Ours" });
  await small.close();
  assert.equal((await ask({ type: MESSAGE.correct, descriptionId: "d1", alt: "Ours" })).problem.state, "stopped");
});

test("the helper speaks, unless the user wants the screen reader to", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  const say = { type: MESSAGE.say, text: "3 of 12:", language: "de" };
  assert.deepEqual(await ask(say), { spoken: true });
  assert.deepEqual(small.asked.at(-1)?.body, { text: "3 of 12:", language: "de" });
  await ask({ type: MESSAGE.changeSettings, changes: { speech: "reader" } }, OPTIONS);
  assert.deepEqual(await ask(say), { spoken: false });
  await ask({ ...QUESTION, byUser: true, speak: true });
  assert.equal(small.asked.at(-1)?.body.speak, false);
  await small.close();
  await ask({ type: MESSAGE.changeSettings, changes: { speech: "helper" } }, OPTIONS);
  assert.deepEqual(await ask(say), { spoken: false });
});
