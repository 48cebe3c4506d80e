import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./dom.js";
import { settle, setUp } from "./filling.js";
import { descriptionOf } from "./small_helper.js";

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

test("a copy of an image that has our words gets its own, and undo takes them from both", async () => {
  const { document, find, mark, asked, controller } = setUp('<div id="box"><img id="a" src="/a.png"></div>');
  await until(() => mark() === "done", "our words");
  find("#box").append(Object.assign(find("#a").cloneNode(true), { id: "b" }));
  await until(() => asked.length === 2 && mark("#b") === "done", "the copy's words");
  find("#b").src = "/b.png";
  await until(() => find("#b").alt === "words for b.png", "words for what the copy shows now");
  find("#box").innerHTML += "<i></i>";
  await until(() => asked.length === 5 && mark("#b") === "done" && mark("#a") === "done", "the words of new copies");
  controller.abort();
  assert.equal(
    document.body.innerHTML,
    '<div id="box"><img id="a" src="/a.png"><img id="b" src="/b.png"><i></i></div>',
  );
});

test("what an earlier life of this script has left is begun anew, and taken back", async () => {
  const { document, mark, controller } = setUp(
    '<img id="a" data-altaloud="done" alt="old" src="/a.png"><img id="b" data-altaloud="pending" src="/b.png">',
  );
  await until(() => mark("#a") === "done" && mark("#b") === "done", "both");
  controller.abort();
  assert.equal(document.body.innerHTML, '<img id="a" src="/a.png"><img id="b" src="/b.png">');
});

test("setting again what is set is no change", async () => {
  const { find, mark, asked } = setUp('<div id="box" role="group"><img src="/a.png" role="img"></div>');
  await until(() => mark() === "done", "our words");
  for (let count = 0; count < 20; count += 1) {
    find("#box").setAttribute("role", "group");
    find("img").setAttribute("role", "img");
    await settle();
  }
  assert.equal(asked.length, 1);
});

test("a slide that is hidden and shown again keeps its words", async () => {
  const { find, mark, asked } = setUp('<div id="box"><img src="/a.png"></div>');
  await until(() => mark() === "done", "our words");
  for (const hidden of ["true", "false", "true", "false"]) {
    find("#box").setAttribute("aria-hidden", hidden);
    await settle();
    assert.equal(mark(), "done");
  }
  assert.equal(asked.length, 1);
});

test("an image that blinks while it is described is asked for once and gets its words", async () => {
  /** @type {(answer: object) => void} */
  let resolve = () => {};
  const promise = new Promise((answer) => (resolve = answer));
  const { find, mark, asked } = setUp('<div id="box"><img src="/a.png"></div>', () => promise);
  await until(() => mark() === "pending", "the question");
  for (let count = 0; count < 15; count += 1) {
    find("#box").setAttribute("aria-hidden", count % 2 ? "false" : "true");
    await settle();
  }
  resolve({ description: descriptionOf("words") }); // while it is hidden
  await until(() => mark() === "done", "our words");
  assert.equal(asked.length, 1);
});

test("a page that makes us begin anew without end is left alone", async () => {
  const { find, asked } = setUp('<img src="/a.png">');
  for (let count = 0; count < 20; count += 1) {
    find("img").setAttribute("aria-label", `label ${count}`);
    await settle();
    find("img").removeAttribute("aria-label");
    await settle();
  }
  assert.ok(asked.length > 5 && asked.length <= 11, `asked ${asked.length} times`);
  assert.equal(find("img").outerHTML, '<img src="/a.png">');
});

test("an author's word that is taken away again leaves the image to us", async () => {
  const { find, mark, asked } = setUp('<img src="/a.png">');
  await until(() => mark() === "done", "our words");
  find("img").alt = "The author";
  await until(() => mark() === null, "the mark to go");
  await settle();
  find("img").removeAttribute("alt");
  await until(() => mark() === "done", "our words again");
  assert.equal(asked.length, 2);
});

test("an image that the page itself cannot show is failed without a question, until it comes", async () => {
  const { find, window, mark, asked } = setUp("");
  const image = window.document.createElement("img");
  let isComplete = false;
  let looks = 0;
  const get = () => {
    looks += 1;
    return isComplete;
  };
  Object.defineProperty(image, "complete", { get });
  image.src = "/a.png";
  find("body").append(image);
  await until(() => looks > 0, "the first look");
  for (let turn = 0; turn < 5; turn += 1) await settle(); // It is looked at once for coming, and once for its address.
  isComplete = true;
  image.dispatchEvent(new window.Event("error"));
  await until(() => mark() === "failed", "the mark");
  await settle();
  assert.equal(asked.length, 0);
  image.dispatchEvent(new window.Event("load"));
  await until(() => mark() === "done", "the words");
});

test("a button gets its words when the decorative image that is all of it comes late", async () => {
  const { find, window, mark, asked } = setUp('<button id="it"><img src="/a.png" alt="" data-box="0 0 0 0"></button>');
  for (let turn = 0; turn < 5; turn += 1) await settle();
  assert.equal(asked.length, 0);
  find("img").dataset.box = "0 0 24 24";
  find("img").dispatchEvent(new window.Event("load"));
  await until(() => mark("#it") === "done", "the words");
  assert.equal(find("#it").getAttribute("aria-label"), "words for a.png");
  assert.equal(find("img").getAttribute("alt"), "");
});

test("a broken image that has the author's word is not touched", async () => {
  const { find, window } = setUp('<img src="/a.png" alt="A cat">');
  await settle();
  find("img").dispatchEvent(new window.Event("error"));
  await settle();
  assert.equal(find("img").outerHTML, '<img src="/a.png" alt="A cat">');
});

test("an image that is made visible by a class alone, on it or around it, gets its words", async () => {
  const { find, mark, asked } = setUp(
    '<style>.closed { visibility: hidden }</style><div id="menu" class="closed"><p><img src="/a.png"></p></div><p id="far"></p>',
  );
  await settle();
  find("#far").className = "open"; // somewhere else
  await settle();
  assert.equal(asked.length, 0);
  find("#menu").className = "";
  await until(() => mark() === "done", "our words");
});
