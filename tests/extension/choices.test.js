/** What the user has chosen for pages, and what pages are told of it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { MESSAGE } from "../../extension/shared/messages.js";
import { OPTIONS, PAGE, QUESTION, setUp } from "./answering.js";
import { descriptionOf, startHelper } from "./small_helper.js";

test("where filling in is off, nothing is fetched; what the user asks for is", async () => {
  const small = await startHelper();
  const { ask, connection, fetched, told } = setUp();
  await connection.keepPairing(small.pairing);
  await ask({ type: MESSAGE.changeSettings, changes: { siteModes: { "shop.example": "asked" } } }, OPTIONS);
  assert.deepEqual(told, [[1, "undo"]]);
  assert.equal((await ask(QUESTION)).problem.state, "off");
  assert.equal(fetched.length, 0);
  assert.ok((await ask({ ...QUESTION, byUser: true, speak: true })).description);
  assert.equal(fetched[0].forPage, false);
  await small.close();
});

test("a page is told before it is touched that filling in is off, and the helper is not troubled", async () => {
  const { ask, nativeAsked } = setUp();
  await ask({ type: MESSAGE.chooseSite, tab: { url: "https://shop.example/" }, mode: "asked" }, OPTIONS);
  assert.equal((await ask({ type: MESSAGE.isReady })).state, "off");
  assert.deepEqual(nativeAsked, []);
  await ask({ type: MESSAGE.chooseSite, tab: { url: "https://shop.example/" }, mode: "" }, OPTIONS);
  assert.equal((await ask({ type: MESSAGE.isReady })).state, "unpaired");
});

test("a page that the user asks to be filled in is, though that is off, until it is undone or left", async () => {
  const small = await startHelper();
  const { ask, connection, told } = setUp();
  await connection.keepPairing(small.pairing);
  await ask({ type: MESSAGE.changeSettings, changes: { mode: "asked" } }, OPTIONS);
  const { id, url } = PAGE.tab;
  assert.deepEqual(await ask({ type: MESSAGE.fillTab, tab: { id, url: `${url}#top` } }, OPTIONS), { reached: true });
  assert.deepEqual(told, [[1, "undo"], [1, "fill"]]);
  assert.equal((await ask({ type: MESSAGE.isReady })).state, "connected");
  assert.ok((await ask(QUESTION)).description);
  const elsewhere = { ...PAGE, tab: { ...PAGE.tab, url: "https://shop.example/old" } };
  assert.equal((await ask(QUESTION, elsewhere)).problem.state, "off");
  assert.equal((await ask(QUESTION, { ...PAGE, tab: { ...PAGE.tab, id: 9 } })).problem.state, "off");
  assert.deepEqual(await ask({ type: MESSAGE.undoTab, tab: { id, url } }, OPTIONS), { reached: true });
  assert.equal((await ask(QUESTION)).problem.state, "off");
  await small.close();
});

test("a private page is not filled in even if that is asked for, and what was filled in is taken back", async () => {
  const { ask, told } = setUp();
  const { tab } = PAGE;
  await ask({ type: MESSAGE.changeSettings, changes: { mode: "asked" } }, OPTIONS);
  await ask({ type: MESSAGE.fillTab, tab }, OPTIONS);
  await ask({ type: MESSAGE.chooseSite, tab, mode: "private" }, OPTIONS);
  assert.deepEqual(told, [[1, "undo"], [1, "fill"], [1, "undo"]]);
  assert.deepEqual(await ask({ type: MESSAGE.fillTab, tab }, OPTIONS), { reached: false });
  assert.equal((await ask(QUESTION)).problem.state, "off");
});

test("a site's choice made in a private window is on no disk, and goes with the last such window", async () => {
  const { ask, api, choices } = setUp();
  const tab = { ...PAGE.tab, incognito: true };
  await ask({ type: MESSAGE.chooseSite, tab, mode: "private" }, OPTIONS);
  assert.deepEqual(api.storage.local.names(), []);
  assert.deepEqual([await choices.modeOf(tab), await choices.siteModeOf(tab)], ["private", "private"]);
  assert.equal(await choices.modeOf(PAGE.tab), "fill");
  api.windows.getAll = async () => [{ incognito: true }, { incognito: false }];
  await choices.forgetPrivate();
  assert.equal(await choices.modeOf(tab), "private");
  api.windows.getAll = async () => [{ incognito: false }];
  await choices.forgetPrivate();
  assert.equal(await choices.modeOf(tab), "fill");
});

test("in a private window, the mode of all covers a site's own from outside", async () => {
  const { ask, choices } = setUp();
  const tab = { ...PAGE.tab, incognito: true };
  await ask({ type: MESSAGE.chooseSite, tab: PAGE.tab, mode: "asked" }, OPTIONS);
  assert.equal(await choices.modeOf(tab), "asked");
  await ask({ type: MESSAGE.chooseSite, tab, mode: "" }, OPTIONS);
  assert.deepEqual([await choices.modeOf(tab), await choices.modeOf(PAGE.tab)], ["fill", "asked"]);
});

test("who wants it long gets it long, filled in too", async () => {
  const small = await startHelper();
  const { ask, connection } = setUp();
  await connection.keepPairing(small.pairing);
  await ask({ type: MESSAGE.changeSettings, changes: { detail: "long" } }, OPTIONS);
  await ask(QUESTION);
  assert.equal(small.asked.at(-1)?.body.detail, "long");
  await small.close();
});

test("only the pages whose turn it is are told of a change: what was undone by hand stays undone", async () => {
  const { ask, told } = setUp();
  await ask({ type: MESSAGE.changeSettings, changes: { language: "de" } }, OPTIONS);
  await ask({ type: MESSAGE.chooseSite, tab: { url: "https://other.example/" }, mode: "asked" }, OPTIONS);
  assert.deepEqual(told, []);
  await ask({ type: MESSAGE.chooseSite, tab: { url: "https://shop.example/" }, mode: "asked" }, OPTIONS);
  await ask({ type: MESSAGE.chooseSite, tab: { url: "https://shop.example/" }, mode: "" }, OPTIONS);
  assert.deepEqual(told, [[1, "undo"], [1, "fill"]]);
});

/** @type {[string, object, object, string | null, number][]} */
const LEFT_OUT = [
  ["a small image", { smallestSide: 50 }, { width: 40, height: 90 }, null, 0],
  ["an image large enough", { smallestSide: 40 }, { width: 40, height: 90 }, "words", 1],
  ["a small image in a link", { smallestSide: 50 }, { width: 40, height: 90, role: "link" }, "words", 1],
  ["a kind that is off", { kindsOff: ["logo"] }, {}, null, 1],
  ["a kind that is on", { kindsOff: ["photo"] }, {}, "words", 1],
  ["a button of a kind that is off", { kindsOff: ["logo"] }, { role: "button" }, "words", 1],
];
for (const [what, changes, context, expected, fetches] of LEFT_OUT) {
  test(`${what} is ${expected ? "filled in" : "left without words, and why is said"}; the user may ask about it in any case`, async () => {
    const small = await startHelper({ describe: () => descriptionOf("words", { kind: "logo" }) });
    const { ask, connection, fetched } = setUp();
    await connection.keepPairing(small.pairing);
    await ask({ type: MESSAGE.changeSettings, changes }, OPTIONS);
    const wish = { ...QUESTION, context: { ...QUESTION.context, ...context } };
    const { description } = await ask(wish);
    assert.equal(description.alt, expected);
    if (expected === null) assert.match(description.reason, /your options/i);
    assert.equal(fetched.length, fetches);
    assert.equal((await ask({ ...wish, byUser: true })).description.alt, "words");
    await small.close();
  });
}
