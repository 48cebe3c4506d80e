/** What is looked up once for many images: `content/moment.js`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeMoment } from "../../extension/content/moment.js";

test("a thing is looked up once until the page can act, and then anew", async () => {
  let looks = 0;
  const lookUp = makeMoment((/** @type {object} */ thing) => ({ thing, look: (looks += 1) }));
  const [one, other] = [{}, {}];
  assert.equal(lookUp(one), lookUp(one));
  assert.deepEqual([lookUp(one).look, lookUp(other).look], [1, 2]);
  await Promise.resolve();
  assert.equal(lookUp(one).look, 3);
});
