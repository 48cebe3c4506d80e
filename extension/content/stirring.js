/**
 * Whether a page has stood still since something was looked at, so that it need not be looked at again.
 *
 * A page that never rests is not followed: the first change ends the listening, until there is again something that
 * it matters for.
 */

/**
 * @param {Document} page
 * @param {AbortSignal} signal
 */
export function makeStirring(page, signal) {
  const view = /** @type {Window & typeof globalThis} */ (page.defaultView);
  let count = 0;
  let isListening = false;
  let isBlind = false;
  const observer = new view.MutationObserver(stir);

  function stir() {
    count += 1;
    isListening = false;
    observer.disconnect();
  }

  signal.addEventListener("abort", () => observer.disconnect(), { once: true });

  return {
    /** Something has changed that is no element. */
    stir,

    /** @returns {number} the same as before when nothing has changed in the meantime */
    now() {
      if (isBlind) count += 1;
      else if (!isListening) observer.observe(page, { subtree: true, childList: true, characterData: true, attributes: true });
      isListening = true;
      return count;
    },

    /** There is something that changes unseen. */
    giveUp() {
      isBlind = true;
    },

    /** @param {() => void} change one that does not count */
    unnoticed(change) {
      if (observer.takeRecords().length > 0) stir();
      change();
      observer.takeRecords();
    },
  };
}
