// Authors' texts that say nothing are replaced only where the user chose so, and given back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { isUselessAlt } from "../../extension/content/useless.js";
import { makePage, until } from "./dom.js";
import { setUp } from "./filling.js";

const USELESS = ["IMG_2041.JPG", "photo.webp", "image", "Bild", "Photo", "DSC00412", "17", "#3", "https://shop.example/new/", "shop.example", "/a.png"];
const USEFUL = ["A cat", "Logo of the museum", "Image of a cat", "2024 annual report", "Photo: Ada", "", "Route 66"];

for (const alt of USELESS) test(`"${alt}" says nothing`, () => assert.equal(isUselessAlt(imageWith(alt)), true));
for (const alt of USEFUL) test(`"${alt}" is left alone`, () => assert.equal(isUselessAlt(imageWith(alt)), false));

test("one placeholder on many images says nothing; on one image it may be right", () => {
  const { document } = makePage([1, 2, 3, 4].map((file) => `<img src="/${file}.png" alt="Our shop">`).join(""));
  assert.equal(isUselessAlt(/** @type {Element} */ (document.querySelector("img"))), true);
  assert.equal(isUselessAlt(imageWith("Our shop")), false);
});

test("where the user chose so, it is replaced, kept beside, and comes back", async () => {
  const html = '<img alt="IMG_1.jpg" src="/a.png" class="x"><img id="good" alt="A cat" src="/b.png">';
  const { document, find, mark, controller } = setUp(html, undefined, { isUseless: isUselessAlt });
  await until(() => mark() === "done", "the words");
  assert.equal(find("img").outerHTML, '<img alt="words for a.png" src="/a.png" class="x" data-altaloud="done" data-altaloud-alt="IMG_1.jpg">');
  assert.equal(find("#good").alt, "A cat");
  controller.abort();
  assert.equal(document.body.innerHTML, html);
});

test("otherwise it is the author's word", async () => {
  const { find, asked } = setUp('<img alt="IMG_1.jpg" src="/a.png"><img id="other" src="/b.png">');
  await until(() => find("#other").alt !== "", "the other's words");
  assert.equal(asked.length, 1);
});

/** @param {string} alt */
function imageWith(alt) {
  const image = makePage('<img src="/a.png">').find("img");
  image.setAttribute("alt", alt);
  return image;
}

test("the last of many placeholders go as well as the first", async () => {
  const html = [1, 2, 3, 4, 5].map((number) => `<img id="i${number}" src="/${number}.png" alt="Our products">`).join("");
  const { document } = setUp(html, undefined, { isUseless: isUselessAlt });
  await until(() => document.querySelectorAll('[data-altaloud-alt="Our products"]').length === 5, "all five");
});
