/** Whether a page has stood still while an image was asked for: `content/stirring.js`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./dom.js";
import { settle, setUp } from "./filling.js";
import { descriptionOf } from "./small_helper.js";

const LATE = '<div><a href="/x"><img src="/a.png"><b class="none">To the shop</b><i> </i></a></div>';

/** @type {[string, (page: Document) => void][]} */
const CHANGES = [
  ["a text node is written to", (page) => page.querySelector("i")?.childNodes.forEach((text) => (text.nodeValue = "To the shop"))],
  ["a class shows them", (page) => page.querySelector("b")?.removeAttribute("class")],
  ["a style sheet shows them", (page) => page.querySelector("style")?.remove()],
  ["a late style sheet shows them", (page) => {
    page.styleSheets[0]?.deleteRule(0);
    page.querySelector("link")?.dispatchEvent(new /** @type {any} */ (page.defaultView).Event("load"));
  }],
];

for (const [name, change] of CHANGES) {
  test(`a link's words that come while we ask are found where ${name}`, async () => {
    /** @type {(answer: any) => void} */
    let reply = () => undefined;
    const html = `<link><style>.none { display: none }</style>${LATE}`;
    const { document, find, asked, mark } = setUp(html, () => new Promise((resolve) => (reply = resolve)));
    await until(() => mark() === "pending", "the question");
    await settle();
    change(document);
    reply({ description: descriptionOf("ours") });
    await settle();
    assert.equal(asked.length, 1);
    assert.equal(find("img").outerHTML, '<img src="/a.png">');
  });
}

test("a link's words that come in a shadow root while we ask are found", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { document, find, mark } = setUp('<my-card id="host"><a href="/x"><img src="/a.png"></a></my-card>', () =>
    new Promise((resolve) => (reply = resolve)),
  );
  const host = find("my-card");
  host.attachShadow({ mode: "open" }).innerHTML = '<a href="/y"><slot></slot><i> </i></a>';
  host.firstElementChild.replaceWith(...host.firstElementChild.children);
  document.body.append(host);
  await until(() => mark() === "pending", "the question");
  host.shadowRoot.querySelector("i").firstChild.data = "To the shop";
  reply({ description: descriptionOf("ours") });
  await until(() => mark() !== "pending", "the end of it");
  assert.equal(find("img").outerHTML, '<img src="/a.png">');
});

test("what is not looked at again while the page stands still is written as it was found", async () => {
  /** @type {(() => void)[]} */
  const replies = [];
  const { window, document, mark } = setUp('<img src="/a.png"><a href="/x"><img src="/b.png"></a>', () =>
    new Promise((resolve) => replies.push(() => resolve({ description: descriptionOf("ours") }))),
  );
  await until(() => replies.length === 2 && mark("a img") === "pending", "the questions");
  let looks = 0;
  const { checkVisibility } = window.Element.prototype;
  window.Element.prototype.checkVisibility = function (/** @type {CheckVisibilityOptions | undefined} */ options) {
    looks += 1;
    return checkVisibility.call(this, options);
  };
  replies.forEach((reply) => reply());
  await until(() => document.querySelectorAll("[alt=ours]").length === 2, "the words");
  assert.equal(looks, 0);
});
