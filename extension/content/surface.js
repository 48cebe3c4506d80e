/**
 * A place of our own in somebody else's page.
 *
 * It is a closed shadow root, so that the page's styles and scripts leave it alone, in the top layer. Keys pressed
 * in it go no further: a page takes letters for its shortcuts, and need not know what is typed here. (What it
 * listens for on its window it hears all the same; only a page of the extension is safe from that.)
 */

import { MARK } from "../shared/constants.js";
import { focusForNow } from "./focus.js";

const STYLE = `
  :host { all: initial !important; position: fixed !important; inset: auto 1rem 1rem auto !important;
    z-index: 2147483647 !important; display: block !important; margin: 0 !important; border: 0 !important;
    padding: 0 !important; background: none !important; max-inline-size: min(30rem, calc(100vw - 2rem)) !important; }
  [role=dialog] { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; padding: 1rem;
    border: 2px solid #111; border-radius: .5rem; max-block-size: 60vh; overflow: auto; overflow-wrap: anywhere; }
  p { margin: 0 0 .75rem; white-space: pre-line; user-select: text; }
  label { display: block; margin-block-end: .5rem; }
  input, textarea { font: inherit; color: inherit; background: transparent; border: 1px solid; border-radius: .25rem;
    padding: .25rem .5rem; display: block; box-sizing: border-box; inline-size: 100%; min-block-size: 2.25rem;
    margin-block-start: .375rem; /* for the ring of the focus, below the label */ }
  form { margin-block-end: .75rem; }
  form p { margin-block: .5rem 0; }
  button { font: inherit; color: inherit; background: #eee; border: 1px solid #555; border-radius: .25rem;
    padding: .25rem .75rem; margin: 0 .5rem .25rem 0; min-block-size: 2rem; }
  :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    [role=dialog] { color: #eee; background: #1c1c1c; border-color: #eee; }
    button { background: #333; border-color: #aaa; }
    :focus-visible { outline-color: #8ab4f8; }
  }`;

/** What can fill the screen and shows no children. */
const CHILDLESS = "img, video, audio, canvas, iframe, object, embed";

/** What tells of the keyboard; shadow roots do not keep these. */
const KEY_EVENTS = ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "cut", "copy"];

/** @typedef {{host: HTMLElement, shadow: ShadowRoot, box: HTMLElement, closing: AbortController}} Open */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {(how: {hadFocus: boolean}) => void} parts.onClose
 */
export function makeSurface(page, { signal, t, onClose }) {
  /** @type {Open | null} */
  let open = null;
  /** @type {Element | null} */
  let returnTo = null;

  /** @returns {Open} */
  function build() {
    const host = page.createElement("div");
    host.setAttribute(MARK, "panel");
    const shadow = host.attachShadow({ mode: "closed" });
    const style = page.createElement("style");
    style.textContent = STYLE;
    const box = page.createElement("div");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", t("panel_label"));
    box.lang = t("language_tag");
    box.tabIndex = -1;
    shadow.append(style, box);
    const closing = new AbortController();
    const listen = { capture: true, signal: AbortSignal.any([signal, closing.signal]) };
    for (const type of KEY_EVENTS) page.defaultView?.addEventListener(type, (event) => onKey(event, host), listen);
    place().append(host);
    // The top layer lies above whatever the page has put in front.
    if (typeof host.showPopover === "function") {
      host.popover = "manual";
      host.showPopover();
    }
    return { host, shadow, box, closing };
  }

  /** Where it can be reached: all that stands outside a modal dialog is dead. */
  function place() {
    const dialog = [...page.querySelectorAll("dialog:modal")].at(-1);
    const full = page.fullscreenElement?.matches(CHILDLESS) ? null : page.fullscreenElement;
    return dialog ?? full ?? page.body ?? page.documentElement;
  }

  /**
   * @param {Event} event
   * @param {HTMLElement} host
   */
  function onKey(event, host) {
    const { key, isComposing } = /** @type {KeyboardEvent} */ (event);
    if (event.type === "keydown" && event.isTrusted && key === "Escape" && !isComposing) {
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    } else if (event.target === host) {
      event.stopImmediatePropagation();
    }
  }

  function close() {
    if (!open) return;
    const hadFocus = page.activeElement === open.host;
    open.closing.abort();
    open.host.remove();
    open = null;
    if (hadFocus && returnTo?.isConnected) focusForNow(/** @type {HTMLElement} */ (returnTo), signal);
    returnTo = null;
    onClose({ hadFocus });
  }

  signal.addEventListener("abort", close, { once: true });

  return {
    close,

    /** The page may have thrown it out, or opened a dialog in front of it: then another is built. */
    current() {
      if (open && open.host.isConnected && open.host.parentNode === place()) return open;
      open?.closing.abort();
      open?.host.remove();
      open = build();
      return open;
    },

    /** @param {Element} element */
    isOurs: (element) => element === open?.host,

    get isOpen() {
      return open !== null && open.host.isConnected;
    },

    get hasFocus() {
      return open !== null && page.activeElement === open.host;
    },

    /**
     * Into it, and on closing back to where the focus was.
     *
     * @param {{focus: () => void}} [inner] where exactly
     */
    enter(inner) {
      if (!open) return;
      if (page.activeElement !== open.host) returnTo = page.activeElement;
      (inner ?? open.box).focus();
    },
  };
}
