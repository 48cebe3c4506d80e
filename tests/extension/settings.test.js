import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, changeSettings, fillsIn, readSettings, siteOf } from "../../extension/shared/settings.js";
import { makeArea } from "./browser_api.js";

test("nothing is stored for somebody who changed nothing", async () => {
  const area = makeArea();
  assert.deepEqual(await readSettings(area), DEFAULTS);
  await changeSettings(area, { fill: true });
  assert.deepEqual(area.names(), []);
});

test("only differences are stored, and a change back leaves none", async () => {
  const area = makeArea();
  assert.equal((await changeSettings(area, { language: "de" })).language, "de");
  assert.deepEqual(await area.get("settings"), { settings: { language: "de" } });
  await changeSettings(area, { language: "" });
  assert.deepEqual(area.names(), []);
});

for (const wrong of [{ fil: false }, { fill: "yes" }, { sitesOff: "a.example" }, { port: 0 }, { port: 70_000 }, { port: 1.5 }]) {
  test(`${JSON.stringify(wrong)} is refused, and nothing is stored`, async () => {
    const area = makeArea();
    await assert.rejects(changeSettings(area, /** @type {any} */ (wrong)), TypeError);
    assert.deepEqual(area.names(), []);
  });
}

/** @type {[string | undefined, string][]} */
const SITES = [
  ["https://Shop.Example:8080/x", "shop.example"],
  ["chrome-extension://abc/options.html", ""],
  ["about:blank", ""],
  [undefined, ""],
];
for (const [address, site] of SITES) test(`the site of ${address}`, () => assert.equal(siteOf(address), site));

test("a site that is switched off is left alone, and so are all when filling in is off", () => {
  const off = { ...DEFAULTS, sitesOff: ["shop.example"] };
  assert.equal(fillsIn(off, "https://shop.example/x"), false);
  assert.equal(fillsIn(off, "https://other.example/x"), true);
  assert.equal(fillsIn({ ...DEFAULTS, fill: false }, "https://other.example/x"), false);
});
