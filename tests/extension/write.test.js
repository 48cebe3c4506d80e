import assert from "node:assert/strict";
import { test } from "node:test";

import { makeLedger } from "../../extension/content/write.js";
import { makePage } from "./dom.js";

test("words and mark are written, and taken back", () => {
  const { find } = makePage('<img src="/a.png" class="x">');
  const ledger = makeLedger();
  ledger.mark(find("img"), "pending");
  ledger.write(find("img"), { alt: "A cat" }, "done");
  assert.equal(find("img").outerHTML, '<img src="/a.png" class="x" data-altaloud="done" alt="A cat">');
  ledger.restore(find("img"));
  assert.equal(find("img").outerHTML, '<img src="/a.png" class="x">');
});

test("what the author had said is known while ours stands in its place", () => {
  const { find } = makePage('<img id="a" alt="IMG_1.jpg"><img id="b">');
  const ledger = makeLedger();
  for (const id of ["#a", "#b"]) ledger.write(find(id), { alt: "Summer sale" }, "done");
  assert.deepEqual(["#a", "#b"].map((id) => ledger.replaced(find(id))), ["IMG_1.jpg", ""]);
});

test("a text that the page wrote after us stays", () => {
  const { find } = makePage('<img src="/a.png">');
  const ledger = makeLedger();
  ledger.write(find("img"), { alt: "ours" }, "done");
  find("img").alt = "the page's own";
  assert.equal(ledger.isOurs(find("img")), false);
  ledger.restoreAll();
  assert.equal(find("img").outerHTML, '<img src="/a.png" alt="the page\'s own">');
});

test("a reference that finds no words is told of again, or Firefox would not tell of ours", async () => {
  const { window, document, find } = makePage('<button aria-labelledby="empty"><i></i></button><p id="empty"></p>');
  const before = document.body.innerHTML;
  const ledger = makeLedger();
  const told = new window.MutationObserver(() => undefined);
  told.observe(find("button"), { attributes: true });
  ledger.write(find("button"), { "aria-label": "Close" }, "done");
  const names = told.takeRecords().map(({ attributeName }) => attributeName);
  assert.ok(names.indexOf("aria-label") < names.indexOf("aria-labelledby"));
  assert.equal(find("button").getAttribute("aria-labelledby"), "empty");
  ledger.restoreAll();
  assert.equal(document.body.innerHTML, before);
});

test("where a script refers to the elements themselves, nothing is told of again: it would undo that", () => {
  const { window, find } = makePage('<button aria-labelledby=""><i></i></button>');
  const told = new window.MutationObserver(() => undefined);
  told.observe(find("button"), { attributeFilter: ["aria-labelledby"] });
  makeLedger().write(find("button"), { "aria-label": "Close" }, "done");
  assert.deepEqual(told.takeRecords(), []);
});

test("an image out of the page is restored as well", () => {
  const { find } = makePage('<p><img src="/a.png"></p>');
  const ledger = makeLedger();
  const image = find("img");
  ledger.write(image, { alt: "ours" }, "done");
  image.remove();
  ledger.restoreAll();
  assert.equal(image.outerHTML, '<img src="/a.png">');
});

/** A small generator with a seed, so that a failure can be seen again. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const ATTRIBUTES = ["alt", "alt=''", "alt='a &amp; \"b\"'", "data-altaloud='mine'", "title=t", "class='x  y'", "DATA-X", "role=img", "lang=de", "aria-label=''", "data-altaloud-alt=theirs", "aria-labelledby='x  x '"];

/** @param {(sides: number) => number} roll @param {number} depth @returns {string} */
function grow(roll, depth) {
  let html = "";
  for (let count = roll(4); count >= 0; count -= 1) {
    const attributes = ATTRIBUTES.filter(() => roll(4) === 0).join(" ");
    const kind = roll(depth > 0 ? 6 : 5);
    if (kind === 3) html += `<svg ${attributes}><path d="M0 0"/></svg>`;
    else if (kind === 4) html += `<button ${attributes}><i class=fa></i></button>`;
    else if (kind === 0) html += `<img ${attributes} src="/${roll(9)}.png">`;
    else if (kind === 1) html += `<input ${attributes} type=image src=/b.png>`;
    else if (kind === 2) html += `text &lt; <!-- note --> `;
    else html += `<div ${attributes}>${grow(roll, depth - 1)}</div>`;
  }
  return html;
}

/** @param {(sides: number) => number} roll @returns {Record<string, string>} */
function wordsBy(roll) {
  const words = `words ${roll(5)} "&<`;
  /** @type {Record<string, string>} */
  const attributes = roll(2) === 0 ? { alt: words } : { "aria-label": words, role: "img" };
  return roll(3) === 0 ? { ...attributes, lang: "fr" } : attributes;
}

test("a copy of a picture that has our words gets back what it had, by what stands beside them", () => {
  const { document, find } = makePage('<svg role="figure" lang=""><path d="M0 0"/></svg><img alt="IMG_1.jpg" src="/a.png">');
  const before = document.body.innerHTML;
  const ledger = makeLedger();
  ledger.write(find("svg"), { "aria-label": "A map", role: "img", lang: "en" }, "done");
  ledger.write(find("img"), { alt: "A cat" }, "done");
  const copy = document.body.cloneNode(true);
  ledger.restoreAll();
  for (const one of /** @type {Element} */ (copy).children) ledger.adopt(one, one.localName === "img" ? "alt" : "aria-label");
  assert.equal(document.body.innerHTML, before);
  assert.equal(/** @type {Element} */ (copy).innerHTML, before.replace(' lang=""', ""));
});

test("whatever is written in whatever order, undo gives each page back to the byte", () => {
  const { document } = makePage("");
  for (let seed = 1; seed <= 200; seed += 1) {
    const roll = dice(seed);
    document.body.innerHTML = grow(roll, 4);
    const before = document.documentElement.outerHTML;
    const ledger = makeLedger();
    const images = [...document.querySelectorAll("img, input, svg, button")];
    for (let step = 0; step < images.length * 4; step += 1) {
      const image = /** @type {Element} */ (images[roll(images.length)]);
      const what = roll(4);
      if (what === 0) ledger.mark(image, ["pending", "silent", "failed"][roll(3)] ?? "");
      else if (what === 1) ledger.restore(image);
      else ledger.write(image, wordsBy(roll), "done");
    }
    ledger.restoreAll();
    assert.equal(document.documentElement.outerHTML, before, `seed ${seed}`);
  }
});
