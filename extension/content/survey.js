/** What a frame tells the background when a key is pressed: which image it would take, and what it has. */

import { isSmall } from "./above.js";
import { focusedElement, firstInView, hoveredElement, imageMeant } from "./at_hand.js";
import { FRAMES, pathIn, pathOf, viewOf } from "./frames.js";

/**
 * @typedef {object} Survey
 * @property {string} path of this document; see `pathOf`
 * @property {boolean} isEntered whether the focus is in it, and in no frame of it
 * @property {boolean} isShowing whether our panel is open in it
 * @property {boolean} isSmall too small for our panel
 * @property {{way: import("../shared/constants.js").Way, id: number, at: number, frameId?: number} | null} meant the image that
 *   a person means here; `at`: when it was, where it is over; else 0; `frameId`: where it is in another document
 * @property {(number | string)[]} inView what comes first in view: the paths of frames, and the number of an image
 * @property {import("./stepping.js").Outline | null} outline only for a step
 */

/**
 * @param {Window & typeof globalThis} window
 * @param {object} parts
 * @param {import("./names.js").Names} parts.names
 * @param {(element: Element) => ShadowRoot | null} parts.shadowRootOf
 * @param {ReturnType<typeof import("./stepping.js").makeStepping>} parts.stepping
 * @param {(image: Element) => number} parts.idOf
 * @param {() => Element | null} parts.imageOfPanel what our panel speaks of, while the focus is in it
 * @param {() => import("./above.js").Aloft | null} parts.ofFrame the same, where that is in a frame
 * @param {() => boolean} parts.isShowing
 * @param {import("./activity.js").Activity} parts.activity
 */
export function makeSurvey(window, { names, shadowRootOf, stepping, idOf, imageOfPanel, ofFrame, isShowing, activity }) {
  const page = window.document;

  /** A frame of another site keeps its focused element while the focus is elsewhere. */
  function isEntered() {
    if (focusedElement(page, shadowRootOf)?.matches(FRAMES)) return false;
    return window === window.top || page.hasFocus();
  }

  /** @returns {ReturnType<typeof imageMeant>} */
  function meant() {
    const spokenOf = imageOfPanel();
    if (spokenOf) return { way: "focus", image: spokenOf, at: 0 };
    return imageMeant(page, { shadowRootOf, hovered: hoveredElement, activity, isEntered: isEntered() });
  }

  /**
   * @param {{act: string}} wanted
   * @returns {Promise<Survey>}
   */
  return async function survey({ act }) {
    const inFrame = ofFrame();
    const found = meant();
    const isSought = (found === null && inFrame === null) || act === "next";
    const inView = isSought ? firstInView(page, { names, shadowRootOf, view: await viewOf(window) }) : [];
    return {
      path: pathOf(window),
      isEntered: isEntered(),
      isShowing: isShowing(),
      isSmall: isSmall(window),
      meant: inFrame?.id ? { way: "focus", id: inFrame.id, frameId: inFrame.frameId, at: 0 } : found && { way: found.way, id: idOf(found.image), at: found.at },
      inView: inView.map((one) => (one.matches(FRAMES) ? pathIn(one) : idOf(one))),
      outline: act === "next" ? stepping.outline({ inView: inView[0] ?? null, reached: imageOfPanel() ?? (found?.way === "reached" ? found.image : null) }) : null,
    };
  };
}
