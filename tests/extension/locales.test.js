import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const EXTENSION = fileURLToPath(new URL("../../extension/", import.meta.url));
const LANGUAGES = readdirSync(`${EXTENSION}_locales`);

/** @type {Record<string, Record<string, {message: string, description: string, placeholders?: Record<string, {content: string}>}>>} */
const texts = Object.fromEntries(
  LANGUAGES.map((language) => [language, JSON.parse(readFileSync(`${EXTENSION}_locales/${language}/messages.json`, "utf8"))]),
);
const english = texts.en ?? {};

/** Every text that code, pages or manifest ask for. */
function usedKeys() {
  const keys = new Set();
  for (const file of readdirSync(EXTENSION, { recursive: true, encoding: "utf8" })) {
    if (!/\.(js|html|json)$/.test(file) || file.startsWith("_locales") || file === "content.bundle.js") continue;
    const source = readFileSync(EXTENSION + file, "utf8");
    for (const [, key] of source.matchAll(/data-i18n="(\w+)"|__MSG_(\w+)__/g)) if (key) keys.add(key);
    for (const [, key] of source.matchAll(/__MSG_(\w+)__/g)) keys.add(key);
    for (const [, call] of source.matchAll(/\bt\(([^;]*)/g)) {
      for (const [, key] of (call ?? "").matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)) keys.add(key);
    }
  }
  return keys;
}

test("English, German and French have the same texts", () => {
  assert.deepEqual(LANGUAGES.sort(), ["de", "en", "fr"]);
  for (const language of LANGUAGES) assert.deepEqual(Object.keys(texts[language] ?? {}), Object.keys(english), language);
});

test("every text has words, and a note for translators", () => {
  for (const language of LANGUAGES) {
    for (const [key, { message, description }] of Object.entries(texts[language] ?? {})) {
      assert.ok(message.trim(), `${language} ${key}`);
      assert.ok(description.trim(), `${language} ${key}`);
    }
  }
});

test("a text names the same placeholders in every language, and declares them", () => {
  for (const language of LANGUAGES) {
    for (const [key, { message, placeholders = {} }] of Object.entries(texts[language] ?? {})) {
      const named = [...message.matchAll(/\$(\w+)\$/g)].map(([, name]) => name?.toLowerCase()).sort();
      assert.deepEqual(named, Object.keys(placeholders).sort(), `${language} ${key}`);
      assert.deepEqual(Object.keys(placeholders), Object.keys(english[key]?.placeholders ?? {}), `${language} ${key}`);
    }
  }
});

/** What is the same word in two languages. */
const SHARED = new Set(["name", "options_code", "kind_logo", "kind_photo", "popup_options", "options_words"]);

test("nothing is left in English", () => {
  for (const language of LANGUAGES.filter((one) => one !== "en")) {
    const same = Object.entries(texts[language] ?? {}).filter(([key, { message }]) => message === english[key]?.message);
    assert.deepEqual(same.map(([key]) => key).filter((key) => !SHARED.has(key)), [], language);
  }
});

test("every text that is used exists, and every text that exists is used", () => {
  const used = usedKeys();
  assert.ok(used.size > 30, "the search for keys finds too few to prove anything");
  assert.deepEqual([...used].filter((key) => !english[key]), []);
  assert.deepEqual(Object.keys(english).filter((key) => !used.has(key)), []);
});
