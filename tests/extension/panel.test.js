/** The panel beside a page: every image, described or not and why, and all that can be done by keyboard. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import axe from "axe-core";
import { JSDOM } from "jsdom";

import { openPanel } from "../../extension/panel/panel.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { makeApi } from "./browser_api.js";
import { giveSight, until } from "./dom.js";

const PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** @param {number} id @param {string} state @param {object} [more] */
const item = (id, state, more = {}) => ({ id, state, words: "", language: "", reason: "", descriptionId: "", isControl: false, ...more });

const ITEMS = [
  item(1, "done", { words: "Summer sale", language: "en", descriptionId: "d1" }),
  item(2, "authored", { words: "Our garden" }),
  item(3, "decorative"),
  item(4, "silent", { reason: "The image is one plain colour." }),
  item(5, "failed", { reason: "The image could not be loaded." }),
  item(6, "waiting"),
  item(7, "described", { words: "A ferry", descriptionId: "d7" }),
  item(8, "spoken-for"),
  item(9, "pending"),
];

/** @param {{query?: string, answers?: Record<string, any>, mode?: string, isClosed?: boolean, savesData?: boolean}} [options] */
async function setUp({ query = "", answers = {}, mode = "fill", isClosed = false, savesData = false } = {}) {
  const html = readFileSync(new URL("../../extension/panel/panel.html", import.meta.url), "utf8");
  const url = `https://altaloud.example/panel/panel.html${query}`;
  const { window } = new JSDOM(html, { runScripts: "outside-only", url, pretendToBeVisual: true });
  giveSight(/** @type {any} */ (window));
  /** @type {any[]} */
  const sent = [];
  /** @type {any[]} */
  const told = [];
  /** Frames that are there no more. @type {Set<number | undefined>} */
  const gone = new Set();
  const { api } = makeApi({
    background: (message) => {
      sent.push(message);
      /** @type {Record<string, object>} */
      const table = { [MESSAGE.state]: { mode, savesData }, [MESSAGE.correct]: { alt: message.alt } };
      return table[message.type] ?? {};
    },
  });
  /** @type {Record<string, (...values: any[]) => any>} */
  const listeners = {};
  const event = (/** @type {string} */ name) => ({ addListener: (/** @type {any} */ listener) => void (listeners[name] = listener) });
  api.runtime.onMessage = event("message");
  api.tabs.onActivated = event("activated");
  api.tabs.onUpdated = event("updated");
  api.tabs.get = async (/** @type {number} */ id) => ({ id, url: "https://shop.example/new", incognito: false });
  api.tabs.sendMessage = async (/** @type {number} */ tab, /** @type {any} */ message, /** @type {any} */ options) => {
    told.push([tab, message, options?.frameId]);
    if (isClosed || gone.has(options?.frameId)) throw new Error("Could not establish connection.");
    return message.type === MESSAGE.thumbnail ? { drawn: PIXEL } : (answers[message.type] ?? {});
  };
  openPanel(window.document, api);
  await new Promise(setImmediate);
  const replies = /** @type {any[]} */ ([]);
  const say = (/** @type {any} */ message, { tab = 1, frameId = 0, id = "altaloud" } = {}) =>
    listeners.message?.(message, { id, frameId, tab: { id: tab } }, (/** @type {any} */ reply) => replies.push(reply));
  const { document } = window;
  const images = () => /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button.image")]);
  const texts = () => images().map(({ textContent }) => textContent);
  const buttons = () => [...document.querySelectorAll("li div:not([hidden]) > button")].map(({ textContent }) => textContent);
  const press = (/** @type {string} */ label) => {
    const found = [...document.querySelectorAll("button")].find((one) => one.textContent === label);
    if (!found) throw new Error(`no button ${label} among ${buttons()}`);
    found.click();
  };
  const submit = (/** @type {string} */ words) => {
    const field = /** @type {HTMLInputElement} */ (document.querySelector("li input, li textarea"));
    field.value = words;
    document.querySelector("form")?.dispatchEvent(new window.Event("submit", { cancelable: true, bubbles: true }));
  };
  const key = (/** @type {string} */ name) =>
    document.activeElement?.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  const text = () => (document.body.textContent ?? "").replace(/\s+/g, " ");
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  return { window, document, say, sent, told, gone, replies, images, texts, buttons, press, submit, key, text, settle, listeners };
}

test("every image is listed with its words, or why it has none; decorative ones on request", async () => {
  const { say, texts, replies, document, text } = await setUp();
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  assert.deepEqual(texts(), [
    "1. Summer sale",
    "2. The author’s text: Our garden",
    "3. The image is one plain colour.",
    "4. Could not be described. The image could not be loaded.",
    "5. Not described yet.",
    "6. Described, not in the page: A ferry",
    "7. The link or button around it says what it is.",
    "8. Looking at the image …",
  ]);
  assert.deepEqual(replies, [{ watching: true }]);
  assert.match(text(), /Images: 8\. With a text: 3\./);
  document.getElementById("decorative")?.click();
  assert.equal(texts()[2], "3. Marked by the author as decorative.");
});

const done = (/** @type {string} */ words) => item(words.charCodeAt(0), "done", { words });

test("the images of frames stand where their frames do, and another tab's are not for this list", async () => {
  const { say, texts, replies } = await setUp();
  say({ type: MESSAGE.images, path: "/1/0", images: [done("innermost")] }, { frameId: 9 });
  say({ type: MESSAGE.images, path: "/1", images: ["/1/0", done("second frame")] }, { frameId: 7 });
  say({ type: MESSAGE.images, path: "/0", images: [done("first frame")] }, { frameId: 8 });
  say({ type: MESSAGE.images, path: "/-1", images: [done("in a shadow root")] }, { frameId: 3 });
  say({ type: MESSAGE.images, path: "", images: [done("top"), "/0", done("between"), "/1", done("end")] });
  say({ type: MESSAGE.images, path: "", images: ITEMS }, { tab: 2 });
  say({ type: MESSAGE.images, path: "", images: ITEMS }, { id: "another extension" });
  const inOrder = ["top", "first frame", "between", "innermost", "second frame", "end", "in a shadow root"];
  assert.deepEqual(texts(), inOrder.map((words, index) => `${index + 1}. ${words}`));
  assert.equal(replies.length, 5);
});

test("when the frames of a page change, the others are asked anew, and what has gone is left out", async () => {
  const { say, texts, told, gone, settle } = await setUp();
  say({ type: MESSAGE.images, path: "", images: ["/0", "/1"] });
  say({ type: MESSAGE.images, path: "/0", images: [done("first frame")] }, { frameId: 7 });
  say({ type: MESSAGE.images, path: "/1", images: [done("second frame")] }, { frameId: 8 });
  const before = told.length;
  gone.add(7);
  say({ type: MESSAGE.images, path: "", images: ["/0"] });
  await settle();
  const asked = told.slice(before).filter(([, { type }]) => type === MESSAGE.watchImages);
  assert.deepEqual(asked.map(([, , frame]) => frame), [7, 8]);
  say({ type: MESSAGE.images, path: "/0", images: [done("second frame")] }, { frameId: 8 });
  assert.deepEqual(texts(), ["1. second frame"]);
});

test("a frame that comes later is asked for its images", async () => {
  const { say, replies } = await setUp();
  say({ type: MESSAGE.frameCame }, { frameId: 4 });
  assert.deepEqual(replies, [{ watching: true }]);
});

test("another tab in front, or another page in it, is listed anew", async () => {
  const { say, images, told, listeners, settle } = await setUp();
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  listeners.updated?.(1, { status: "complete" });
  await settle();
  assert.equal(images().length, 0);
  listeners.activated?.({ tabId: 1 });
  await settle();
  assert.equal(told.filter(([, { type }]) => type === MESSAGE.watchImages).length, 3);
});

test("a page that is closed to extensions is said to be", async () => {
  const { text, settle } = await setUp({ isClosed: true });
  await settle();
  assert.match(text(), /The browser does not let extensions read this page/);
});

test("the arrow keys go from image to image, and Enter opens what can be done", async () => {
  const { say, images, key, document, buttons } = await setUp();
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[0]?.focus();
  key("ArrowDown");
  assert.equal(document.activeElement, images()[1]);
  key("End");
  assert.equal(document.activeElement, images().at(-1));
  key("ArrowDown");
  assert.equal(document.activeElement, images().at(-1));
  key("Home");
  images()[0]?.click();
  assert.deepEqual(buttons(), ["Describe", "Ask a question", "Go to the image", "Copy", "Use my own words"]);
  images()[5]?.click();
  assert.deepEqual(buttons(), ["Describe", "Ask a question", "Go to the image", "Copy", "Use my own words", "Add to the page"]);
  assert.deepEqual(images().map((one) => one.getAttribute("aria-expanded")).filter((open) => open === "true").length, 1);
  images()[5]?.click();
  assert.deepEqual(buttons(), []);
});

test("where pages are never changed, nothing can be added to them", async () => {
  const { say, images, buttons } = await setUp({ mode: "private" });
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[5]?.click();
  assert.ok(!buttons().includes("Add to the page"));
});

test("an image is described, asked about, corrected, and written into the page", async () => {
  const description = { alt: "A white ferry", reason: null, text: null, language: "en", spoken: true };
  const answers = {
    [MESSAGE.describeImage]: { description },
    [MESSAGE.askImage]: { answer: { answer: "Two", confidence: 1, language: "en", spoken: true } },
  };
  const { say, images, press, submit, told, text, sent, settle } = await setUp({ answers });
  say({ type: MESSAGE.images, path: "", images: ITEMS }, { frameId: 3 });
  images()[5]?.click();
  press("Describe");
  await until(() => text().includes("A white ferry"), "the description");
  press("Ask a question");
  submit("How many?");
  await until(() => text().includes("Two"), "the answer");
  press("Use my own words");
  submit("Our ferry");
  await until(() => text().includes("Kept."), "the words");
  assert.deepEqual(sent.at(-1), { type: MESSAGE.correct, descriptionId: "d7", alt: "Our ferry" });
  press("Add to the page");
  await until(() => text().includes("Added to the page."), "the page");
  await settle();
  const acts = told.filter(([, { type }]) => ![MESSAGE.watchImages, MESSAGE.thumbnail].includes(type));
  assert.deepEqual(acts, [
    [1, { type: MESSAGE.describeImage, id: 7 }, 3],
    [1, { type: MESSAGE.askImage, id: 7, question: "How many?" }, 3],
    [1, { type: MESSAGE.useWords, id: 7, words: "Our ferry" }, 3],
    [1, { type: MESSAGE.addWords, id: 7, words: "A ferry" }, 3],
  ]);
});

test("an image that has gone is said to have gone", async () => {
  const { say, images, press, text } = await setUp({ answers: { [MESSAGE.describeImage]: { gone: true } } });
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[0]?.click();
  press("Describe");
  await until(() => text().includes("not on the page any more"), "the words");
});

test("a list that changes leaves focus, and what is open, where they are", async () => {
  const { say, images, document, press, submit, text } = await setUp({ answers: { [MESSAGE.askImage]: { answer: { answer: "Two", spoken: false } } } });
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[4]?.click();
  press("Ask a question");
  say({ type: MESSAGE.images, path: "", images: [item(20, "done", { words: "New" }), ...ITEMS.map((one) => (one.id === 6 ? item(6, "done", { words: "Sale" }) : one))] });
  assert.equal(document.activeElement?.localName, "input");
  submit("Which?");
  await until(() => text().includes("Two"), "the answer");
  images()[0]?.focus();
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  assert.equal(document.activeElement, images()[0]);
});

test("an answer is scrolled to, unless somebody has gone on meanwhile", async () => {
  const description = { alt: "A white ferry", reason: null, text: null, language: "en", spoken: true };
  const { window, say, images, press, text, document, settle } = await setUp({ answers: { [MESSAGE.describeImage]: { description } } });
  let scrolled = 0;
  window.Element.prototype.scrollIntoView = () => void (scrolled += 1);
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[0]?.click();
  images()[0]?.focus();
  press("Describe");
  await until(() => text().includes("A white ferry"), "the words");
  await settle();
  assert.equal(scrolled, 1);
  images()[1]?.click();
  assert.doesNotMatch(text(), /A white ferry/);
  press("Describe");
  document.getElementById("decorative")?.focus();
  await until(() => text().includes("A white ferry"), "the words");
  await settle();
  assert.equal(scrolled, 1);
});

test("as a window for one image, it opens that, with the question to be typed, and shows what is said", async () => {
  const { say, document, buttons, text, replies } = await setUp({ query: "?tab=5&frame=2&image=7&asks=yes", mode: "private" });
  say({ type: MESSAGE.images, path: "", images: ITEMS }, { tab: 5, frameId: 2 });
  assert.equal(document.activeElement?.localName, "input");
  assert.ok(buttons().includes("Describe"));
  say({ type: MESSAGE.show, paragraphs: [{ words: "Only here", language: "en" }], aloud: true }, { tab: 5 });
  assert.match(text(), /Only here/);
  assert.deepEqual(replies.at(-1), { spoken: true });
});

test("axe finds nothing, and pictures for the sighted come to where they are seen", async () => {
  const { window, say, document, images } = await setUp();
  say({ type: MESSAGE.images, path: "", images: ITEMS });
  images()[5]?.click();
  await until(() => document.querySelectorAll("img:not([hidden])").length === 8, "the thumbnails");
  window.eval(axe.source);
  const { violations } = await /** @type {any} */ (window).axe.run(document, {
    rules: { "color-contrast": { enabled: false }, "target-size": { enabled: false } },
  });
  assert.deepEqual(JSON.parse(JSON.stringify(violations)).map((/** @type {any} */ { id }) => id), []);
});

test("where the browser is to save data, the panel says why nothing is described by itself", async () => {
  const isSaid = async (/** @type {object} */ options) => !(/** @type {HTMLElement} */ ((await setUp(options)).document.querySelector("#saving")).hidden);
  assert.equal(await isSaid({ savesData: true }), true);
  assert.equal(await isSaid({ savesData: true, mode: "asked" }), false);
  assert.equal(await isSaid({}), false);
});
