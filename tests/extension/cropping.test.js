// The part of a file that a page shows: of an image map, of a sprite, of a background laid into a box.
import assert from "node:assert/strict";
import { test } from "node:test";

import { TextureError, partOf } from "../../extension/background/cropping.js";
import { split } from "../../extension/content/styles.js";

const SPRITE = { width: 96, height: 32 };
const BOX = { width: 32, height: 32 };

/** @type {[string, import("../../extension/shared/constants.js").Crop, number[]][]} left, top, width, height */
const CASES = [
  ["all of it", {}, [0, 0, 96, 32]],
  ["an area", { part: { left: 0.5, top: 0, right: 0.75, bottom: 1 } }, [48, 0, 24, 32]],
  ["a sprite", { tile: { size: "auto", position: "-32px 0px", repeat: "no-repeat", ...BOX } }, [32, 0, 32, 32]],
  ["a sprite at half its size", { tile: { size: "48px 16px", position: "-16px 0px", repeat: "repeat", width: 16, height: 16 } }, [32, 0, 32, 32]],
  ["one drawn larger than it is", { natural: { width: 48, height: 16 }, tile: { size: "auto", position: "-16px 0px", repeat: "no-repeat", width: 16, height: 16 } }, [32, 0, 32, 32]],
  ["by shares", { tile: { size: "300% 100%", position: "50% 0%", repeat: "no-repeat", ...BOX } }, [32, 0, 32, 32]],
  ["contained", { tile: { size: "contain", position: "50% 50%", repeat: "no-repeat", ...BOX } }, [0, 0, 96, 32]],
  ["covering", { tile: { size: "cover", position: "50% 50%", repeat: "no-repeat", ...BOX } }, [32, 0, 32, 32]],
  ["out of its box", { tile: { size: "auto", position: "500px 0px", repeat: "no-repeat", ...BOX } }, [0, 0, 96, 32]],
  ["repeated, but seen once", { tile: { size: "auto", position: "0% 0%", repeat: "repeat", width: 100, height: 32 } }, [0, 0, 96, 32]],
];

for (const [name, crop, [left, top, width, height]] of CASES) {
  test(`the part of a file that is seen: ${name}`, () => {
    assert.deepEqual(partOf(SPRITE, crop), { left, top, width, height });
  });
}

for (const repeat of ["repeat", "repeat-x", "round"]) {
  test(`a pattern (${repeat}) is no picture`, () => {
    const tile = { size: "auto", position: "0% 0%", repeat, width: 600, height: 32 };
    assert.throws(() => partOf(SPRITE, { tile }), TextureError);
  });
}

test("layers of a style are split at their own commas", () => {
  const value = 'linear-gradient(rgba(0, 0, 0, 0.5), red), url("data:image/svg+xml,%3Csvg a=\'b,c\'%3E"), none';
  assert.deepEqual(split(value), ["linear-gradient(rgba(0, 0, 0, 0.5), red)", 'url("data:image/svg+xml,%3Csvg a=\'b,c\'%3E")', "none"]);
});
