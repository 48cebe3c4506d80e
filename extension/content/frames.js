/**
 * Where a document stands among a page's frames, so that its images can be put in order with those of the others.
 *
 * No message goes between the frames, for their pages would see it. But a window may compare the windows in its parent
 * with itself, whatever site the parent is of, and a parent the windows of its frames with those in itself: the
 * place in that list is what both know. Frames in shadow roots are not in it.
 */

/** Elements that show another document. */
export const FRAMES = "iframe, frame, object, embed";

/** A frame deeper in others than this is not looked for. */
const DEEPEST = 20;

/** For how long a browser may keep us waiting for what is seen of a frame. */
const SIGHT_MS = 300;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * @param {Window} window
 * @returns {string} "" for the page itself, "/0/2" for the third frame in its first; "/-1" for one that is in no list
 */
export function pathOf(window) {
  let path = "";
  let one = window;
  for (let depth = 0; one !== one.parent && depth < DEEPEST; depth += 1) {
    path = `/${placeIn(one.parent, one)}${path}`;
    one = one.parent;
  }
  return path;
}

/**
 * @param {Element} frame
 * @returns {string} the path of the document in it
 */
export function pathIn(frame) {
  const window = /** @type {Window} */ (frame.ownerDocument.defaultView);
  const { contentWindow = null } = /** @type {HTMLIFrameElement} */ (frame);
  return `${pathOf(window)}/${placeIn(window, contentWindow)}`;
}

/**
 * @param {Window} parent
 * @param {Window | null} child
 */
function placeIn(parent, child) {
  for (let index = 0; index < parent.length; index += 1) if (parent[index] === child) return index;
  return -1;
}

/**
 * What can be seen of a document just now, in its own coordinates. A frame cannot know by itself where it is in the
 * view, but the browser tells what is seen of an element.
 *
 * @param {Window & typeof globalThis} window
 * @returns {Promise<Box>}
 */
export async function viewOf(window) {
  const { innerWidth, innerHeight } = window;
  if (window === window.top) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
  return new Promise((resolve) => {
    const observer = new window.IntersectionObserver(([entry]) => {
      observer.disconnect();
      resolve(entry?.isIntersecting ? entry.intersectionRect : nothing);
    });
    observer.observe(window.document.documentElement);
    window.setTimeout(() => {
      observer.disconnect();
      resolve(nothing);
    }, SIGHT_MS);
  });
}
