/**
 * Which drawings and icons show something else than when they were looked at.
 *
 * "Play" must not stay on a button that has come to mean "Pause". What an animation changes all the time is waited
 * for, longer and longer.
 */

/** What makes an icon another one. */
const WATCHED = ["class", "style", "d", "points", "href", "xlink:href", "src", "srcset", "poster", "value", "width", "height"];

/** So long must it be at rest before it is looked at again. */
const REST_MS = 300;

/** Changed again within this time, it is an animation and not a person's doing. */
const RESTLESS_MS = 1000;

const MOST_DOUBLINGS = 10;

/**
 * @param {Window & typeof globalThis} window
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {(picture: Element) => boolean} parts.onChange says whether it shows something else now
 * @param {(picture: Element) => void} parts.onRest
 */
export function makeRedrawn(window, { signal, onChange, onRest }) {
  /** @type {WeakMap<Element, {at: number, doublings: number, timer: ReturnType<typeof setTimeout> | undefined}>} */
  const watched = new WeakMap();
  const observer = new window.MutationObserver((records) => {
    const pictures = new Set(records.map(({ target }) => pictureOf(target)));
    for (const picture of pictures) if (picture) changed(picture);
  });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });

  /** @param {Node | null} node */
  function pictureOf(node) {
    for (let one = node; one; one = one.parentNode) if (watched.has(/** @type {Element} */ (one))) return /** @type {Element} */ (one);
    return null;
  }

  /** @param {Element} picture */
  function changed(picture) {
    const known = watched.get(picture);
    if (!known || signal.aborted || !(onChange(picture) || known.timer)) return;
    const now = window.performance.now();
    known.doublings = now - known.at < RESTLESS_MS ? Math.min(known.doublings + 1, MOST_DOUBLINGS) : 0;
    known.at = now;
    clearTimeout(known.timer);
    const rest = () => {
      known.timer = undefined;
      if (!signal.aborted && picture.isConnected) onRest(picture);
    };
    known.timer = setTimeout(rest, REST_MS * 2 ** known.doublings);
  }

  return {
    /** @param {Element} picture */
    isWatching: (picture) => watched.has(picture),

    /** @param {Element} picture */
    watch(picture) {
      if (watched.has(picture)) return;
      watched.set(picture, { at: -Infinity, doublings: 0, timer: undefined });
      observer.observe(picture, { subtree: true, childList: true, characterData: true, attributeFilter: WATCHED });
    },
  };
}
