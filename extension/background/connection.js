/**
 * How we know the helper: by the native host, without a question, or by a code that the user types.
 *
 * The browser may end the background worker at any time, so nothing is kept in memory: the pairing lies in
 * `storage.local`, the session in `storage.session`, which no content script can read and no disk holds.
 */

import { NATIVE_HOST } from "../shared/constants.js";

/** Each question to the native host starts a process, so an idle page may not ask more often than this. */
const NATIVE_PAUSE_SECONDS = 4;

/** @typedef {import("./helper.js").Pairing} Pairing */

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {() => number} parts.now milliseconds
 */
export function makeConnection({ api, now }) {
  const { local, session } = api.storage;

  /** @param {object} question */
  async function native(question) {
    try {
      return await api.runtime.sendNativeMessage(NATIVE_HOST, question);
    } catch {
      // Not installed, or a browser in a sandbox that has no native messaging: both mean pairing by code.
      return null;
    }
  }

  return {
    /** @returns {Promise<Pairing | null>} */
    async pairing() {
      const { pairing } = await local.get("pairing");
      return /** @type {Pairing | undefined} */ (pairing) ?? null;
    },

    /** @param {Pairing} pairing */
    async keepPairing({ client, key, port }) {
      await local.set({ pairing: { client, key, port } });
      await session.remove("session");
    },

    /** @returns {Promise<import("./helper.js").Session | null>} */
    async session() {
      const stored = await session.get("session");
      return /** @type {import("./helper.js").Session | undefined} */ (stored.session) ?? null;
    },

    /** @param {import("./helper.js").Session} value */
    async keepSession(value) {
      await session.set({ session: value });
    },

    /** @param {import("./helper.js").Session} [value] only if it is still this one: a late refusal must not end a newer */
    async forgetSession(value) {
      if (value && (await this.session())?.bearer !== value.bearer) return;
      await session.remove("session");
    },

    /**
     * @param {{eager: boolean}} options eager: the user is waiting
     * @returns {Promise<(Pairing & {running: boolean}) | null>} null when there is no native host to ask
     */
    async askNativeHost({ eager }) {
      const { nativeAsked } = await session.get("nativeAsked");
      const age = now() - (typeof nativeAsked === "number" ? nativeAsked : -Infinity);
      if (!eager && age < NATIVE_PAUSE_SECONDS * 1000) return null;
      await session.set({ nativeAsked: now() });
      const origin = api.runtime.getURL("").replace(/\/$/, "");
      const reply = await native({ ask: "connect", origin });
      await session.set({ canStart: reply !== null });
      if (!isPairing(reply)) return null;
      await this.keepPairing(reply);
      return { ...reply, running: reply.running === true };
    },

    /** @returns {Promise<{started: boolean, message: string, advice: string}>} */
    async start() {
      const reply = await native({ ask: "start" });
      await session.remove(["session", "nativeAsked"]);
      return {
        started: reply !== null && !reply.error,
        message: String(reply?.message ?? ""),
        advice: String(reply?.advice ?? ""),
      };
    },

    /** Whether the native host answered when it was last asked, so that it can start the helper. */
    async canStart() {
      const { canStart } = await session.get("canStart");
      return canStart === true;
    },
  };
}

/**
 * @param {any} reply
 * @returns {reply is Pairing & {running?: boolean}}
 */
function isPairing(reply) {
  return (
    typeof reply?.client === "string" && typeof reply?.key === "string" && Number.isInteger(reply?.port) && reply.port > 0
  );
}
