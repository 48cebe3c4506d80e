/** Our own pages: what they say, and that a keyboard and a screen reader suffice. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import axe from "axe-core";
import { JSDOM } from "jsdom";

import { openOptions } from "../../extension/options/options.js";
import { openPopup } from "../../extension/popup/popup.js";
import { openWelcome } from "../../extension/welcome/welcome.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { DEFAULTS } from "../../extension/shared/settings.js";
import { makeApi } from "./browser_api.js";

const CONNECTED = { state: "connected", problem: null, port: 41717, canStart: true, settings: DEFAULTS, mode: "fill", siteMode: "" };
const STOPPED = { ...CONNECTED, state: "stopped", problem: { state: "stopped", message: "", advice: "" } };

/**
 * @param {"options" | "popup" | "welcome"} name
 * @param {(message: any) => any} background
 */
async function open(name, background) {
  const html = readFileSync(new URL(`../../extension/${name}/${name}.html`, import.meta.url), "utf8");
  const { window } = new JSDOM(html, { runScripts: "outside-only" });
  /** @type {any[]} */
  const sent = [];
  const { api } = makeApi({
    background: (message) => {
      sent.push(message);
      return background(message);
    },
  });
  const told = /** @type {any[]} */ ([]);
  api.tabs.sendMessage = async (/** @type {number} */ _, /** @type {any} */ message) => void told.push(message.type);
  await { options: openOptions, popup: openPopup, welcome: openWelcome }[name](window.document, api);
  const byId = (/** @type {string} */ id) => /** @type {any} */ (window.document.getElementById(id));
  const settle = () => new Promise(setImmediate);
  return { window, byId, sent, told, settle, state: () => byId("state").textContent.replace(/\s+/g, " ").trim() };
}

/** @param {any} window */
async function violations(window) {
  window.eval(axe.source);
  const { violations: found } = await window.axe.run(window.document, {
    // jsdom has no layout and no colours.
    rules: { "color-contrast": { enabled: false }, "target-size": { enabled: false } },
  });
  // Copied, because another window's arrays are not equal to ours.
  return JSON.parse(JSON.stringify(found)).map((/** @type {any} */ { id, nodes }) => [id, nodes.map((/** @type {any} */ { html }) => html)]);
}

for (const name of /** @type {const} */ (["options", "popup", "welcome"])) {
  test(`axe finds nothing in the ${name} page`, async () => {
    const settings = { ...DEFAULTS, siteModes: { "a.example": "private" } };
    const { window } = await open(name, () => ({ ...STOPPED, state: "unpaired", settings, canStart: false }));
    assert.deepEqual(await violations(window), []);
  });

  test(`the ${name} page says how things stand`, async () => {
    const running = await open(name, () => CONNECTED);
    assert.equal(running.state(), "Connected to the helper, on port 41717.");
    assert.equal(running.byId("start").hidden, true);
    const stopped = await open(name, () => STOPPED);
    assert.match(stopped.state(), /^Altaloud’s helper is not running\./);
    assert.equal(stopped.byId("start").hidden, false);
    const helpless = await open(name, () => ({ ...STOPPED, canStart: false }));
    assert.match(helpless.state(), /In a terminal, type: altaloud start$/);
    assert.equal(helpless.byId("start").hidden, true);
  });

  test(`Start on the ${name} page has the helper started`, async () => {
    const page = await open(name, ({ type }) => (type === MESSAGE.start ? CONNECTED : STOPPED));
    page.byId("start").click();
    await page.settle();
    assert.equal(page.state(), "Connected to the helper, on port 41717.");
  });
}

test("the code is sent with the port, and a refusal is said in the helper's words", async () => {
  const problem = { state: "connected", message: "that code is not right", advice: "Ask for a new code." };
  const page = await open("options", ({ type }) =>
    type === MESSAGE.pair ? { ...STOPPED, state: "unpaired", problem } : { ...STOPPED, port: 5000 },
  );
  page.byId("code").value = "123456";
  page.byId("pairing").dispatchEvent(new page.window.Event("submit", { cancelable: true }));
  await page.settle();
  assert.deepEqual(page.sent.at(-1), { type: MESSAGE.pair, code: "123456", port: 5000 });
  assert.match(page.state(), /^that code is not right/);
});

test("each choice is kept as it is made, and said to be", async () => {
  const page = await open("options", ({ type, changes }) =>
    type === MESSAGE.changeSettings ? { settings: { ...DEFAULTS, ...changes } } : CONNECTED,
  );
  const choose = (/** @type {string} */ id, /** @type {string} */ value) => {
    page.byId(id).value = value;
    page.byId(id).dispatchEvent(new page.window.Event("change"));
  };
  for (const id of ["mode-asked", "kind-logo", "uselessAlts", "speech-reader"]) page.byId(id).click();
  for (const [id, value] of [["language", "fr"], ["detail", "long"], ["smallestSide", "48"]]) choose(String(id), String(value));
  choose("smallestSide", "-4");
  await page.settle();
  const changes = page.sent.filter(({ type }) => type === MESSAGE.changeSettings).map((message) => message.changes);
  assert.deepEqual(changes, [
    { mode: "asked" },
    { kindsOff: ["logo"] },
    { uselessAlts: true },
    { speech: "reader" },
    { language: "fr" },
    { detail: "long" },
    { smallestSide: 48 },
  ]);
  assert.equal(page.byId("saved").textContent, "Saved.");
});

test("a site taken back from the list leaves the focus somewhere", async () => {
  const page = await open("options", ({ type, changes }) =>
    type === MESSAGE.changeSettings ? { settings: { ...DEFAULTS, ...changes } } : { ...CONNECTED, settings: { ...DEFAULTS, siteModes: { "a.example": "private" } } },
  );
  const button = page.byId("sites-list").querySelector("button");
  button.focus();
  button.click();
  await page.settle();
  assert.equal(page.byId("sites").hidden, true);
  assert.equal(page.window.document.activeElement?.id, "pages-heading");
});

test("the options show what was chosen", async () => {
  const settings = { ...DEFAULTS, mode: "private", kindsOff: ["photo"], smallestSide: 20, language: "de" };
  const page = await open("options", () => ({ ...CONNECTED, settings }));
  const checked = ["mode-private", "mode-fill", "kind-photo", "kind-logo"].map((id) => page.byId(id).checked);
  assert.deepEqual(checked, [true, false, false, true]);
  assert.deepEqual([page.byId("smallestSide").value, page.byId("language").value], ["20", "de"]);
});

test("the toolbar's page fills in, undoes, and gives a site a mode of its own", async () => {
  const page = await open("popup", ({ type }) => ([MESSAGE.fillTab, MESSAGE.undoTab].includes(type) ? { reached: true } : CONNECTED));
  const tab = { id: 1, url: "https://shop.example/new", incognito: false };
  page.byId("undo").click();
  await page.settle();
  assert.equal(page.byId("done").textContent, "The page is as it was.");
  page.byId("describe").click();
  await page.settle();
  assert.equal(page.byId("done").textContent, "Images on this page are being described.");
  assert.deepEqual(page.sent.slice(-2), [{ type: MESSAGE.undoTab, tab }, { type: MESSAGE.fillTab, tab }]);
  assert.equal(page.byId("site-label").textContent, "On shop.example");
  assert.equal(page.byId("describe").hidden, false);
  page.byId("site").value = "private";
  page.byId("site").dispatchEvent(new page.window.Event("change"));
  // The popup may be gone the next moment, so nothing is waited for.
  assert.deepEqual(page.sent.at(-1), { type: MESSAGE.chooseSite, tab, mode: "private" });
  assert.equal(page.byId("describe").hidden, true);
});

test("the toolbar's page says that a page is closed to it, and does not claim to describe it", async () => {
  const page = await open("popup", ({ type }) => (type === MESSAGE.fillTab ? { reached: false } : CONNECTED));
  page.byId("describe").click();
  await page.settle();
  assert.equal(page.byId("done").textContent, "The browser does not let extensions read this page.");
});

test("the first page shows what is done in pages, keeps the choice, and names the keys", async () => {
  const page = await open("welcome", ({ type }) => (type === MESSAGE.changeSettings ? { settings: DEFAULTS } : CONNECTED));
  assert.equal(page.byId("mode-fill").checked, true);
  page.byId("mode-private").click();
  await page.settle();
  assert.deepEqual(page.sent.at(-1), { type: MESSAGE.changeSettings, changes: { mode: "private" } });
  assert.equal(page.byId("saved").textContent, "Saved.");
  assert.match(page.window.document.body.textContent ?? "", /a page can notice/);
  assert.equal(page.byId("keys").textContent, "DescribeAlt+Shift+DAskNo key");
});
