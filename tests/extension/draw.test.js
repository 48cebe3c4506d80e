/** Drawings of a page made into pixels: `content/draw.js` and `content/paint.js`. */

import assert from "node:assert/strict";
import { resolveObjectURL } from "node:buffer";
import { afterEach, test } from "node:test";

import { drawElement } from "../../extension/content/draw.js";
import { makePaint } from "../../extension/content/paint.js";
import { makePage } from "./dom.js";

const noSprite = () => Promise.resolve(null);

/** @param {string} html */
function setUp(html) {
  const page = makePage(html);
  /** What was decoded, as text. @type {string[]} */
  const decoded = [];
  let tries = 0;
  page.window.Image = /** @type {any} */ (
    class {
      src = "";
      async decode() {
        const text = (await resolveObjectURL(this.src)?.text()) ?? "";
        tries += 1;
        if (text.includes("undrawable") || (text.includes("at first") && tries === 1)) throw new DOMException("no", "EncodingError");
        decoded.push(text);
      }
    }
  );
  globalThis.OffscreenCanvas = /** @type {any} */ (
    class {
      getContext = () => ({ drawImage: () => undefined });
      convertToBlob = () => Promise.resolve(new Blob([`picture ${decoded.length}`]));
    }
  );
  const paint = makePaint(page.window);
  const drawn = async (/** @type {string} */ selector) => {
    const picture = await drawElement(page.find(selector), noSprite, paint);
    return picture && picture.text();
  };
  return { decoded, drawn };
}

afterEach(() => void Reflect.deleteProperty(globalThis, "OffscreenCanvas"));

const ICON = '<path d="M0 0h9v9z"/></svg>';

test("drawings that look the same are painted once, and each gets the picture", async () => {
  const { decoded, drawn } = setUp(`<p><svg>${ICON}</p><div><svg>${ICON}</div>`);
  assert.deepEqual(await Promise.all([drawn("p > svg"), drawn("div > svg")]), ["picture 1", "picture 1"]);
  assert.equal(decoded.length, 1);
});

test("one of another colour, size or form is another picture", async () => {
  const { decoded, drawn } = setUp(
    `<p><svg>${ICON}</p><p style="color: red"><svg>${ICON}</p><p><svg data-box="0 0 300 300">${ICON}</p>` +
      '<p><svg><path d="M1 1h9v9z"/></svg></p>',
  );
  for (const number of [1, 2, 3, 4]) await drawn(`p:nth-of-type(${number}) > svg`);
  assert.equal(new Set(decoded).size, 4);
});

test("what could not be drawn is tried again", async () => {
  const { drawn } = setUp('<svg id="one"><title>not at first</title></svg>');
  assert.equal(await drawn("#one"), null);
  assert.equal(await drawn("#one"), "picture 1");
});

test("what cannot be drawn is nothing", async () => {
  const { drawn } = setUp('<svg id="one"><title>undrawable</title></svg>');
  assert.equal(await drawn("#one"), null);
});
