import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, changeSettings, modeAt, readSettings, siteOf, withSite } from "../../extension/shared/settings.js";
import { makeArea } from "./browser_api.js";

test("nothing is stored for somebody who changed nothing", async () => {
  const area = makeArea();
  assert.deepEqual(await readSettings(area), DEFAULTS);
  await changeSettings(area, { mode: "fill" });
  assert.deepEqual(area.names(), []);
});

test("only differences are stored, and a change back leaves none", async () => {
  const area = makeArea();
  assert.equal((await changeSettings(area, { language: "de" })).language, "de");
  assert.deepEqual(await area.get("settings"), { settings: { language: "de" } });
  await changeSettings(area, { language: "" });
  assert.deepEqual(area.names(), []);
});

const WRONG = [
  { fil: false },
  { mode: "filling" },
  { hedges: "yes" },
  { siteModes: { "a.example": "off" } },
  { siteModes: null },
  { siteModes: [] },
  { language: "xx" },
  { detail: "medium" },
  { smallestSide: -1 },
  { smallestSide: 1.5 },
  { kindsOff: ["cats"] },
  { kindsOff: "photo" },
  { speech: "nobody" },
  { port: 0 },
  { port: 70_000 },
  { port: 1.5 },
];
for (const wrong of WRONG) {
  test(`${JSON.stringify(wrong)} is refused, and nothing is stored`, async () => {
    const area = makeArea();
    await assert.rejects(changeSettings(area, /** @type {any} */ (wrong)), TypeError);
    assert.deepEqual(area.names(), []);
  });
}

test("what another version stored is passed over", async () => {
  const area = makeArea();
  await area.set({ settings: { fill: false, language: "de" } });
  assert.deepEqual(await readSettings(area), { ...DEFAULTS, language: "de" });
});

/** @type {[string | undefined, string][]} */
const SITES = [
  ["https://Shop.Example:8080/x", "shop.example"],
  ["chrome-extension://abc/options.html", ""],
  ["about:blank", ""],
  [undefined, ""],
];
for (const [address, site] of SITES) test(`the site of ${address}`, () => assert.equal(siteOf(address), site));

test("a site's own mode goes before the mode of all, until it is taken back", () => {
  const settings = { ...DEFAULTS, siteModes: withSite({}, "shop.example", "private") };
  assert.equal(modeAt(settings, "https://shop.example/x"), "private");
  assert.equal(modeAt(settings, "https://other.example/x"), "fill");
  assert.equal(modeAt({ ...settings, mode: "asked" }, "https://other.example/x"), "asked");
  assert.equal(modeAt(settings, "https://constructor/x"), "fill");
  assert.deepEqual(withSite(settings.siteModes, "shop.example", ""), {});
});
