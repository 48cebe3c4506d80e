/** Questions and answers that travel together: `content/outbox.js` and `background/batches.js`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeBatches } from "../../extension/background/batches.js";
import { makeOutbox } from "../../extension/content/outbox.js";
import { MESSAGE } from "../../extension/shared/messages.js";

const SENDER = /** @type {any} */ ({ id: "altaloud", frameId: 3, tab: { id: 1 } });

/**
 * A page and a background with each other.
 *
 * @param {(question: any) => any} describe
 * @param {{isDeaf?: boolean}} [options] a page that can be told nothing
 */
function setUp(describe, { isDeaf = false } = {}) {
  /** @type {any[]} */
  const sent = [];
  let told = 0;
  const describeAll = makeBatches({
    pages: {
      async tell(tab, message, options) {
        assert.deepEqual([tab, options], [1, { frameId: 3 }]);
        if (isDeaf) return null;
        told += 1;
        outbox.hear(/** @type {any} */ (message));
        return {};
      },
    },
    describe: async (question) => describe(question),
  });
  /** @param {any} message @returns {Promise<any>} */
  async function send(message) {
    sent.push(message);
    if (message.type !== MESSAGE.describeAll) return null;
    return describeAll(message, SENDER).catch(() => ({ problem: "fault" }));
  }
  const outbox = makeOutbox({ send, later: (work) => void setTimeout(work, 5) });
  const ask = (/** @type {number} */ id) => outbox.ask({ type: MESSAGE.describe, id, priority: "background" });
  return { outbox, ask, sent, told: () => told };
}

test("what is asked together goes in one message, and each gets its own answer", async () => {
  const { ask, sent } = setUp(({ id }) => `answer ${id}`);
  assert.deepEqual(await Promise.all([ask(1), ask(2), ask(3)]), ["answer 1", "answer 2", "answer 3"]);
  assert.deepEqual(sent.map(({ type }) => type), [MESSAGE.describeAll]);
});

test("a quick answer does not wait for a slow one", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { ask, told } = setUp(({ id }) => (id === 1 ? new Promise((resolve) => (reply = resolve)) : "quick"));
  const slow = ask(1);
  assert.equal(await ask(2), "quick");
  assert.equal(told(), 1);
  reply("slow");
  assert.equal(await slow, "slow");
});

test("a page that could not be told gets the answers at the end", async () => {
  /** @type {(answer: any) => void} */
  let reply = () => undefined;
  const { ask } = setUp(({ id }) => (id === 1 ? new Promise((resolve) => (reply = resolve)) : "quick"), { isDeaf: true });
  const both = Promise.all([ask(1), ask(2)]);
  await new Promise((resolve) => setTimeout(resolve, 80));
  reply("slow");
  assert.deepEqual(await both, ["slow", "quick"]);
});

test("a fault with one question is no fault of the others", async () => {
  const { ask } = setUp(async ({ id }) => {
    if (id === 2) throw new TypeError("a fault");
    return new Promise((resolve) => setTimeout(resolve, 60, `answer ${id}`));
  });
  assert.deepEqual(await Promise.all([ask(1), ask(2)]), ["answer 1", { problem: "fault" }]);
});

test("when the background ends, nobody waits for ever", async () => {
  const outbox = makeOutbox({ send: async () => null, later: (work) => void setTimeout(work, 5) });
  assert.equal(await outbox.ask({ id: 1 }), null);
});

test("answers to an earlier page in the same place are not taken", async () => {
  const { outbox, ask } = setUp(() => "right");
  const answer = ask(1);
  await new Promise((resolve) => setTimeout(resolve, 0));
  outbox.hear({ page: "another", answers: [[1, "wrong"]] });
  assert.equal(await answer, "right");
});

test("what is not sent yet is raised and cancelled without a message; the rest is raised in one, and cancelled in one", async () => {
  const { outbox, ask, sent } = setUp(() => new Promise(() => undefined));
  const first = ask(1);
  void ask(2);
  void ask(3);
  outbox.raise(2, "focused");
  outbox.cancel(1);
  assert.equal((await first).problem.state, "cancelled");
  while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(sent[0].questions.map((/** @type {any} */ { id, priority }) => [id, priority]), [[2, "focused"], [3, "background"]]);
  outbox.raise(3, "visible");
  outbox.raise(2, "visible");
  await Promise.resolve();
  assert.deepEqual(sent[1], { type: MESSAGE.raise, priorities: [[3, "visible"], [2, "visible"]] });
  outbox.cancel(2);
  outbox.cancel(7);
  await Promise.resolve();
  assert.deepEqual(sent[2], { type: MESSAGE.cancel, ids: [2, 7] });
});
