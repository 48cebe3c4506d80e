import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { MESSAGE } from "../../extension/shared/messages.js";

const EXTENSION = fileURLToPath(new URL("../../extension/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${EXTENSION}manifest.json`, "utf8"));
const read = (/** @type {string} */ file) => readFileSync(EXTENSION + file, "utf8");
const files = readdirSync(EXTENSION, { recursive: true, encoding: "utf8" });

test("the key gives the Chromium id that the helper admits", () => {
  const digest = createHash("sha256").update(Buffer.from(manifest.key, "base64")).digest("hex").slice(0, 32);
  const id = [...digest].map((digit) => "abcdefghijklmnop"[Number.parseInt(digit, 16)]).join("");
  assert.equal(id, "iljedikjgfmcppelfgcnhflhenobjfdf");
});

test("no page can find the extension by its files", () => assert.equal(manifest.web_accessible_resources, undefined));

test("every file that manifest and pages name is there", () => {
  const named = [
    ...Object.values(manifest.icons),
    ...Object.values(manifest.action.default_icon),
    ...manifest.content_scripts.flatMap((/** @type {{js: string[]}} */ { js }) => js),
    ...manifest.background.scripts,
    manifest.background.service_worker,
    manifest.action.default_popup,
    manifest.options_ui.page,
    manifest.side_panel.default_path,
    manifest.sidebar_action.default_panel,
    "welcome/welcome.html",
  ];
  for (const file of named) assert.ok(existsSync(EXTENSION + file), file);
});

test("every command in the manifest is one that the background carries out", () => {
  const main = read("background/main.js");
  for (const name of Object.keys(manifest.commands)) assert.ok(main.includes(`name === "${name}"`), name);
});

test("no page of ours has a script or a style written into it", () => {
  const pages = files.filter((file) => file.endsWith(".html"));
  assert.equal(pages.length, 4);
  for (const page of pages) assert.doesNotMatch(read(page), /<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=/, page);
});

test("one file talks to the helper, and one fetches images", () => {
  const sources = files.filter((file) => file.endsWith(".js") && file !== "content.bundle.js");
  const talkers = sources.filter((file) => /http:\/\/127|\/v1\//.test(read(file).replace(/\/\*\*?[^]*?\*\/|\/\/.*/g, "")));
  assert.deepEqual(talkers, ["background/helper.js"]);
  for (const file of sources) assert.doesNotMatch(read(file), /XMLHttpRequest|WebSocket|sendBeacon|innerHTML|eval\(/, file);
});

test("every message in the table has a name of its own", () => {
  const names = Object.values(MESSAGE);
  assert.equal(new Set(names).size, names.length);
});
