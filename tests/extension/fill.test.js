import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./dom.js";
import { settle, setUp } from "./filling.js";
import { descriptionOf } from "./small_helper.js";

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

test("all that waits for a busy helper ends when all ends", async () => {
  const busy = { problem: { state: "connected", message: "busy", advice: "", retryAfterSeconds: 0.05 } };
  const { controller, asked, find } = setUp('<img src="/a.png">', () => (asked.length === 1 ? busy : { description: descriptionOf("words") }));
  await until(() => asked.length === 1, "the question");
  await settle();
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(asked.length, 1);
  assert.equal(find("img").outerHTML, '<img src="/a.png">');
});

test("an image keeps its words when the helper goes away with the next answer", async () => {
  const stopped = { problem: { state: "stopped", message: "", advice: "" } };
  const { mark, unreachable } = setUp('<img id="a" src="/a.png"><img id="b" src="/b.png">', ({ image }) =>
    image.id === "a" ? { description: descriptionOf("words") } : stopped,
  );
  await until(() => unreachable.length > 0, "the problem");
  await settle();
  assert.deepEqual([mark("#a"), mark("#b")], ["done", null]);
});

test("one that waits for a busy helper is not asked for twice after a pause", async () => {
  const busy = { problem: { state: "connected", message: "busy", advice: "", retryAfterSeconds: 0.05 } };
  let answers = 0;
  const { fill, asked, mark } = setUp('<img src="/a.png">', () =>
    (answers += 1) === 1 ? busy : { description: descriptionOf("words") },
  );
  await until(() => asked.length === 1, "the question");
  await settle();
  fill.pause();
  assert.equal(mark(), null);
  fill.resume();
  await until(() => mark() === "done", "the words");
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(asked.length, 2);
});

test("only what is near is asked for", async () => {
  const { files } = setUp('<img src="/near.png"><p data-away><img src="/far.png"></p>');
  await until(() => files().length > 0, "the near one");
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

test("a button that gets words in a shadow root later loses ours", async () => {
  const { find } = setUp("<button><svg><path></path></svg><late-card></late-card></button>");
  await until(() => find("button").hasAttribute("aria-label"), "our words");
  find("late-card").attachShadow({ mode: "open" }).innerHTML = "<b>Close</b>";
  await until(() => !find("button").hasAttribute("aria-label"), "the end of ours");
});

test("so does one whose shadow root is there, and filled later", async () => {
  const { find } = setUp("<button><svg><path></path></svg><late-card></late-card></button>");
  const root = find("late-card").attachShadow({ mode: "open" });
  root.append("");
  await until(() => find("button").hasAttribute("aria-label"), "our words");
  root.firstChild.data = "Close";
  await until(() => !find("button").hasAttribute("aria-label"), "the end of ours");
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
