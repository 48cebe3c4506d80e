import assert from "node:assert/strict";
import { test } from "node:test";

import { makeFill } from "../../extension/content/fill.js";
import { makeSlices } from "../../extension/content/slices.js";
import { makeLedger } from "../../extension/content/write.js";
import { giveSight, makePage, openRootOf, until } from "./dom.js";
import { descriptionOf } from "./small_helper.js";

/** @typedef {import("../../extension/content/ask.js").Question} Question */

/**
 * @param {string} html
 * @param {(question: Question, signal: AbortSignal) => any} [answer]
 */
function setUp(html, answer = ({ context }) => ({ description: descriptionOf(`words for ${context.file_name}`) })) {
  const page = makePage(html);
  giveSight(page.window);
  const controller = new page.window.AbortController(); // jsdom takes no other
  const { signal } = controller;
  /** @type {Question[]} */
  const asked = [];
  /** @type {string[]} */
  const raised = [];
  /** @type {any[]} */
  const unreachable = [];
  const ledger = makeLedger();
  const fill = makeFill(page.document, {
    signal,
    ledger,
    names: page.names,
    ask: {
      about(question, mine) {
        asked.push(question);
        return { answer: Promise.resolve(answer(question, mine)), raise: (priority) => raised.push(priority) };
      },
    },
    slices: makeSlices({ signal, now: () => performance.now(), later: (work) => void setTimeout(work, 0) }),
    shadowRootOf: openRootOf,
    isOurs: () => false,
    onUnreachable: (problem) => unreachable.push(problem),
  });
  const mark = (selector = "img") => page.find(selector).dataset.altaloud ?? null;
  const files = () => asked.map(({ context }) => context.file_name);
  return { ...page, fill, controller, asked, files, raised, unreachable, mark };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

test("an image without a name is pending, then done", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { find, mark } = setUp('<img src="/a.png">', () => new Promise((resolve) => (reply = resolve)));
  await until(() => mark() === "pending", "the mark");
  assert.equal(find("img").hasAttribute("alt"), false);
  reply({ description: descriptionOf("A cat") });
  await until(() => mark() === "done", "the words");
  assert.equal(find("img").alt, "A cat");
});

test("silence writes nothing", async () => {
  const { find, mark } = setUp('<img src="/a.png">', () => ({ description: descriptionOf(null) }));
  await until(() => mark() === "silent", "the mark");
  assert.equal(find("img").hasAttribute("alt"), false);
});

test("an image that the helper refuses is failed, and nothing else in it changes", async () => {
  const problem = { state: "connected", message: "not an image", advice: "" };
  const { find, mark } = setUp('<img src="/a.png">', () => ({ problem }));
  await until(() => mark() === "failed", "the mark");
  assert.equal(find("img").outerHTML, '<img src="/a.png" data-altaloud="failed">');
});

test("while the helper cannot be asked there is no mark; when it can, all is done", async () => {
  let isUp = false;
  const stopped = { problem: { state: "stopped", message: "", advice: "" } };
  const { fill, find, mark, unreachable } = setUp('<img id="a" src="/a.png"><img id="b" src="/b.png">', () =>
    isUp ? { description: descriptionOf("words") } : stopped,
  );
  await until(() => unreachable.length > 0, "the problem");
  await settle();
  assert.deepEqual([mark("#a"), mark("#b")], [null, null]);
  isUp = true;
  fill.resume();
  await until(() => mark("#a") === "done" && mark("#b") === "done", "both");
  assert.equal(find("#a").alt, "words");
});

test("a busy helper is asked again", async () => {
  let answers = 0;
  const busy = { problem: { state: "connected", message: "busy", advice: "", retryAfterSeconds: 0.01 } };
  const { mark, asked } = setUp('<img src="/a.png">', () =>
    (answers += 1) < 3 ? busy : { description: descriptionOf("words") },
  );
  await until(() => mark() === "done", "the words");
  assert.equal(asked.length, 3);
});

test("a helper that stays busy is left in peace", async () => {
  const busy = { problem: { state: "connected", message: "busy", advice: "", retryAfterSeconds: 0.001 } };
  const { mark, asked } = setUp('<img src="/a.png">', () => busy);
  await until(() => mark() === "failed", "the end");
  assert.equal(asked.length, 4);
});

test("only what is near is asked for", async () => {
  const { files } = setUp('<img src="/near.png"><p data-away><img src="/far.png"></p>');
  await settle();
  assert.deepEqual(files(), ["near.png"]);
});

test("images that come late, and in shadow roots, are found", async () => {
  const { document, find, mark } = setUp('<div id="host"></div>');
  await settle();
  document.body.insertAdjacentHTML("beforeend", '<p><img id="late" src="/late.png"></p><div id="new"></div>');
  const root = find("#new").attachShadow({ mode: "open" });
  root.innerHTML = '<img src="/deep.png">';
  await until(() => mark("#late") === "done", "the late one");
  await until(() => root.querySelector("img").alt === "words for deep.png", "the deep one");
  root.innerHTML = '<img src="/deeper.png">';
  await until(() => root.querySelector("img").alt === "words for deeper.png", "one added there");
});

test("a custom element that gets its shadow root later is looked into again", async () => {
  const { find } = setUp("<late-card></late-card>");
  await settle();
  const root = find("late-card").attachShadow({ mode: "open" });
  root.innerHTML = '<img src="/deep.png">';
  await until(() => root.querySelector("img").alt === "words for deep.png", "the image");
});

test("when the image is swapped, the old words go at once and the new ones come", async () => {
  const { find, mark } = setUp('<img src="/a.png">');
  await until(() => mark() === "done", "the first words");
  find("img").src = "/b.png";
  await Promise.resolve();
  assert.equal(find("img").hasAttribute("alt"), false);
  await until(() => find("img").alt === "words for b.png", "the new words");
});

test("an answer that comes after the swap is for another image, and is dropped", async () => {
  /** @type {Map<string | null, (answer: any) => void>} */
  const replies = new Map();
  const { find, files } = setUp('<img src="/a.png">', ({ context }) =>
    new Promise((resolve) => replies.set(context.file_name, resolve)),
  );
  await until(() => files().includes("a.png"), "the first question");
  find("img").src = "/b.png";
  await until(() => files().includes("b.png"), "the second question");
  replies.get("b.png")?.({ description: descriptionOf("B") });
  replies.get("a.png")?.({ description: descriptionOf("A") });
  await settle();
  assert.equal(find("img").alt, "B");
});

test("when the author speaks while we ask, the author's word wins", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { find, mark, asked } = setUp('<img src="/a.png">', () => new Promise((resolve) => (reply = resolve)));
  await until(() => asked.length === 1, "the question");
  find("img").alt = "The author";
  reply({ description: descriptionOf("ours") });
  await settle();
  assert.equal(find("img").alt, "The author");
  assert.equal(mark(), null);
});

test("a link that gets words of its own while we ask needs none of ours", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { find, asked } = setUp('<a href="/x"><img src="/a.png"></a>', () => new Promise((resolve) => (reply = resolve)));
  await until(() => asked.length === 1, "the question");
  find("a").append("To the shop");
  reply({ description: descriptionOf("ours") });
  await settle();
  assert.equal(find("img").outerHTML, '<img src="/a.png">');
});

test("when the author speaks after us, the author's word wins", async () => {
  const { find, mark } = setUp('<img src="/a.png">');
  await until(() => mark() === "done", "our words");
  find("img").alt = "The author";
  await until(() => mark() === null, "the mark to go");
  assert.equal(find("img").alt, "The author");
});

test("a label that comes later takes our words away", async () => {
  const { find, mark } = setUp('<img src="/a.png">');
  await until(() => mark() === "done", "our words");
  find("img").setAttribute("aria-label", "The author");
  await until(() => mark() === null, "the mark to go");
  await settle();
  assert.equal(find("img").outerHTML, '<img src="/a.png" aria-label="The author">');
});

test("a page that takes our words away again and again gets its way, without being asked about anew", async () => {
  const { find, mark, asked, window } = setUp('<img src="/a.png">');
  await until(() => mark() === "done", "our words");
  let removals = 0;
  new window.MutationObserver(() => {
    if (!find("img").hasAttribute("alt")) return;
    removals += 1;
    find("img").removeAttribute("alt");
  }).observe(find("img"), { attributes: true, attributeFilter: ["alt"] });
  find("img").removeAttribute("alt");
  await settle();
  await settle();
  assert.equal(find("img").outerHTML, '<img src="/a.png">');
  assert.equal(removals, 3);
  assert.equal(asked.length, 1);
});

test("an image is asked for once, however much the page around it changes", async () => {
  const { document, find, mark, asked } = setUp('<div id="box"><img src="/a.png"></div>');
  await until(() => mark() === "done", "our words");
  for (let count = 0; count < 20; count += 1) {
    find("#box").append(document.createElement("span"));
    find("#box").setAttribute("class", `c${count}`);
    document.body.append(find("#box"));
    await Promise.resolve();
  }
  await settle();
  assert.equal(asked.length, 1);
});

test("an image in the focused link is asked for first", async () => {
  const { find, asked, mark } = setUp('<p data-away><a href="/x"><img src="/a.png"></a></p>');
  find("a").focus();
  await until(() => mark() === "done", "our words");
  assert.equal(asked[0]?.priority, "focused");
  assert.equal(asked[0]?.byUser, false);
});

test("a question under way is raised when it is wanted more", async () => {
  const { find, raised, asked } = setUp('<a href="/x"><img src="/a.png"></a>', () => new Promise(() => undefined));
  await until(() => asked.length === 1, "the question");
  find("a").focus();
  await until(() => raised.length === 1, "the raise");
  assert.deepEqual(raised, ["focused"]);
});

test("when all ends, questions are cancelled and the page is as it was", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const { document, controller, mark, asked } = setUp('<img id="a" src="/a.png"><img id="b" src="/b.png">', (question, signal) => {
    signals.push(signal);
    if (question.context.file_name === "a.png") return { description: descriptionOf("words") };
    return new Promise(() => undefined);
  });
  const before = '<img id="a" src="/a.png"><img id="b" src="/b.png">';
  await until(() => mark("#a") === "done" && mark("#b") === "pending", "both marks");
  controller.abort();
  assert.equal(document.body.innerHTML, before);
  assert.equal(signals[1]?.aborted, true);
  document.body.insertAdjacentHTML("beforeend", '<img src="/c.png">');
  await settle();
  assert.equal(asked.length, 2);
});
