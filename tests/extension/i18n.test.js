/** Our texts are there although the browser has none for us. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { makeTranslate, withTexts } from "../../extension/shared/i18n.js";

/** A browser of a language, which has texts or, as Chromium at times, none at all. */
function browserWith(/** @type {string} */ language, /** @type {(key: string) => string} */ getMessage) {
  const root = new URL("../../extension/", import.meta.url);
  return /** @type {any} */ ({
    i18n: { getMessage, getUILanguage: () => language },
    runtime: { getURL: (/** @type {string} */ path) => new URL(path, root).href, id: "ours" },
  });
}

/** What `fetch` does for an extension's own files. */
async function fetchFile(/** @type {string} */ address) {
  return { json: async () => JSON.parse(await readFile(new URL(address), "utf8")) };
}

test("a browser that has our texts gives them", async () => {
  const api = browserWith("de", (key) => `text of ${key}`);

  assert.equal(makeTranslate(await withTexts(api))("name"), "text of name");
});

for (const language of ["de-AT", "en-US", "tlh"]) {
  test(`where it has none, those of our own files are used: ${language}`, async (context) => {
    context.mock.method(globalThis, "fetch", fetchFile);
    const own = await withTexts(browserWith(language, () => ""));

    const folder = language === "de-AT" ? "de" : "en";
    const all = JSON.parse(await readFile(new URL(`../../extension/_locales/${folder}/messages.json`, import.meta.url), "utf8"));
    const t = makeTranslate(own);
    for (const [key, { message }] of Object.entries(all)) {
      if (message.includes("$")) assert.ok(!t(key, "one", "two", "three").includes("$"), key);
      else assert.equal(t(key), message);
    }
    assert.equal(own.runtime.id, "ours");
  });
}

test("a text takes what is put into it", async (context) => {
  context.mock.method(globalThis, "fetch", fetchFile);
  const t = makeTranslate(await withTexts(browserWith("en", () => "")));
  const all = JSON.parse(await readFile(new URL("../../extension/_locales/en/messages.json", import.meta.url), "utf8"));
  const [key] = /** @type {[string, any]} */ (Object.entries(all).find(([, text]) => text.placeholders));

  assert.match(t(key, "first", "second"), /first|second/);
});
