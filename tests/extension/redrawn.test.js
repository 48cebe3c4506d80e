// An icon that becomes another one loses its words at once, and gets new ones when it is at rest.
import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./dom.js";
import { settle, setUp } from "./filling.js";
import { descriptionOf } from "./small_helper.js";

const BUTTON = '<button><svg width="24" height="24"><path d="M0 0h9v9z"/></svg></button>';

/** Words that tell one drawing from another. @param {import("../../extension/content/ask.js").Question} question */
const byDrawing = ({ image }) => ({ description: descriptionOf(image.querySelector("path")?.getAttribute("d") ?? "none") });

test("a button is named by its icon, and anew when the icon changes", async () => {
  const { find, mark } = setUp(BUTTON, byDrawing);
  await until(() => mark("button") === "done", "the words");
  assert.equal(find("button").getAttribute("aria-label"), "M0 0h9v9z");
  find("path").setAttribute("d", "M1 1h9v9z");
  await until(() => find("button").getAttribute("aria-label") === null, "the old words to go");
  await until(() => find("button").getAttribute("aria-label") === "M1 1h9v9z", "the new words");
});

test("an icon that is put in anew as it was keeps its words", async () => {
  const { find, asked, mark } = setUp(BUTTON, byDrawing);
  await until(() => mark("button") === "done", "the words");
  find("svg").replaceWith(find("svg").cloneNode(true));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(find("button").getAttribute("aria-label"), "M0 0h9v9z");
  assert.equal(asked.length, 1);
});

test("a button that gets words of its own loses ours", async () => {
  const { find, mark } = setUp(BUTTON, byDrawing);
  await until(() => mark("button") === "done", "the words");
  find("button").append("Play");
  await until(() => mark("button") === null, "our words to go");
  assert.equal(find("button").hasAttribute("aria-label"), false);
});

test("a box that gets its picture by a style of its own gets words", async () => {
  const { find, asked } = setUp('<div id="box" class="box"></div>', () => ({ description: descriptionOf("A hall") }));
  await settle();
  assert.equal(asked.length, 0);
  find("#box").style.backgroundImage = "url(/hall.jpg)";
  await until(() => find("#box").getAttribute("aria-label") === "A hall", "the words");
});

test("when all ends the page is as it was", async () => {
  const { document, controller, mark } = setUp(`${BUTTON}<svg width="90" height="90"><path d="M0 0"/></svg>`, byDrawing);
  await until(() => mark("button") === "done" && mark("body > svg") === "done", "the words");
  const other = setUp(`${BUTTON}<svg width="90" height="90"><path d="M0 0"/></svg>`, () => new Promise(() => undefined));
  other.controller.abort();
  controller.abort();
  assert.equal(document.body.innerHTML, other.document.body.innerHTML);
});
