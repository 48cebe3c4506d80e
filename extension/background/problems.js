/** Whatever went wrong, as a page or a panel is told of it. */

import { NoImageError, TooLargeError } from "./images.js";
import { ConnectionError, RefusedError, TOO_SLOW, inWords } from "./replies.js";

/** Statuses that mean "not now". */
const BUSY = new Set([429, 503]);
const RETRY_SECONDS = 5;

/** @typedef {import("../shared/constants.js").Problem} Problem */

/**
 * @param {object} parts
 * @param {ReturnType<typeof import("./toolbar.js").makeToolbar>} parts.toolbar
 * @param {import("../shared/i18n.js").Translate} parts.t
 */
export function makeProblems({ toolbar, t }) {
  /** @param {RefusedError} error */
  function ofRefusal({ message, advice, error, status, retryAfterSeconds }) {
    const silent =
      error === TOO_SLOW
        ? { message: t("too_slow_message"), advice: t("too_slow_advice") }
        : { message: t("refused_message", status), advice: "" };
    return {
      state: /** @type {const} */ ("connected"),
      ...(message ? inWords({ message, advice }) : silent),
      retryAfterSeconds: BUSY.has(status) ? (retryAfterSeconds ?? RETRY_SECONDS) : undefined,
    };
  }

  return {
    /**
     * @param {unknown} error
     * @returns {Promise<Problem>}
     * @throws what is no problem but a mistake of ours
     */
    async of(error) {
      if (error instanceof ConnectionError) {
        await toolbar.show(error.state);
        return { state: error.state, message: "", advice: "" };
      }
      if (error instanceof RefusedError) return ofRefusal(error);
      if (error instanceof TooLargeError) return { state: "connected", message: t("too_large_message"), advice: "" };
      if (error instanceof NoImageError) {
        return { state: "connected", message: t("no_image_message"), advice: t("no_image_advice") };
      }
      if (error instanceof DOMException && error.name === "AbortError") {
        return { state: "cancelled", message: "", advice: "" };
      }
      throw error;
    },
  };
}
