/**
 * Show a description as text, for those who read with their fingers or eyes.
 *
 * The panel stands in a closed shadow root, so that the page's styles and scripts leave it alone. It does not
 * take the focus, which would make a screen reader talk over the helper's voice; when the helper has no voice,
 * it is an alert instead, and the screen reader speaks it.
 */

import { MARK } from "../shared/constants.js";

const STYLE = `
  :host { all: initial !important; position: fixed !important; inset: auto 1rem 1rem auto !important;
    z-index: 2147483647 !important; display: block !important; margin: 0 !important; border: 0 !important;
    padding: 0 !important; background: none !important; max-inline-size: min(30rem, calc(100vw - 2rem)) !important; }
  [role=dialog] { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; padding: 1rem;
    border: 2px solid #111; border-radius: .5rem; max-block-size: 60vh; overflow: auto; overflow-wrap: anywhere; }
  p { margin: 0 0 .75rem; white-space: pre-line; user-select: text; }
  button { font: inherit; color: inherit; background: #eee; border: 1px solid #555; border-radius: .25rem;
    padding: .25rem .75rem; margin-inline-end: .5rem; min-block-size: 2rem; }
  :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    [role=dialog] { color: #eee; background: #1c1c1c; border-color: #eee; }
    button { background: #333; border-color: #aaa; }
    :focus-visible { outline-color: #8ab4f8; }
  }`;

/** What can fill the screen and shows no children. */
const CHILDLESS = "img, video, audio, canvas, iframe, object, embed";

/** @typedef {{words: string, language?: string}} Paragraph `language`: where it is not that of the panel */

/** @typedef {"alert" | "status" | null} Say how the screen reader shall say it; null: the helper has, or will */

/**
 * @param {Document} page
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {() => void} parts.onClose
 */
export function makePanel(page, { signal, t, onClose }) {
  /** @type {{host: HTMLElement, shadow: ShadowRoot, box: HTMLElement, close: AbortController} | null} */
  let open = null;
  /** @type {Element | null} */
  let returnTo = null;

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
    page.addEventListener("keydown", (event) => onKey(/** @type {KeyboardEvent} */ (event)), listen);
    place().append(host);
    // The top layer lies above whatever the page has put in front.
    if (typeof host.showPopover === "function") {
      host.popover = "manual";
      host.showPopover();
    }
    return { host, shadow, box, close: closing };
  }

  /** Where it can be reached: all that stands outside a modal dialog is dead. */
  function place() {
    const dialog = [...page.querySelectorAll("dialog:modal")].at(-1);
    const full = page.fullscreenElement?.matches(CHILDLESS) ? null : page.fullscreenElement;
    return dialog ?? full ?? page.body ?? page.documentElement;
  }

  /** The page may have thrown it out, or opened a dialog in front of it: then another is built. */
  function current() {
    if (open && open.host.isConnected && open.host.parentNode === place()) return open;
    open?.close.abort();
    open?.host.remove();
    open = build();
    return open;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!event.isTrusted || event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  }

  function close() {
    if (!open) return;
    const hadFocus = page.activeElement === open.host;
    open.close.abort();
    open.host.remove();
    open = null;
    if (hadFocus && returnTo?.isConnected) /** @type {HTMLElement} */ (returnTo).focus();
    returnTo = null;
    onClose();
  }

  /** @param {string[]} paragraphs */
  async function copy(paragraphs) {
    try {
      await page.defaultView?.navigator.clipboard.writeText(paragraphs.join("\n"));
      return true;
    } catch {
      return false; // Pages without https have no clipboard; the text can be selected.
    }
  }

  signal.addEventListener("abort", close, { once: true });

  return {
    close,

    /** @param {Element} element */
    isOurs: (element) => element === open?.host,

    get isOpen() {
      return open !== null && open.host.isConnected;
    },

    get hasFocus() {
      return open !== null && page.activeElement === open.host;
    },

    /**
     * @param {(string | Paragraph)[]} paragraphs what to read, the most important first
     * @param {{say: Say, copyable?: boolean}} options
     */
    show(paragraphs, { say, copyable = true }) {
      if (signal.aborted) return;
      const { box, shadow } = current();
      const hadFocus = shadow.activeElement !== null;
      const text = page.createElement("div");
      if (say) text.setAttribute("role", say);
      const told = paragraphs.map((one) => (typeof one === "string" ? { words: one } : one)).filter(({ words }) => words);
      const filled = told.map(({ words, language }) => {
        const paragraph = page.createElement("p");
        paragraph.textContent = words;
        paragraph.dir = "auto";
        if (language) paragraph.lang = language;
        return paragraph;
      });
      const buttons = page.createElement("div");
      if (copyable) {
        const copying = button(t("panel_copy"), async () => {
          copying.textContent = t((await copy(told.map(({ words }) => words))) ? "panel_copied" : "panel_not_copied");
        });
        buttons.append(copying);
      }
      buttons.append(button(t("panel_close"), close));
      box.replaceChildren(text, buttons);
      // What held the focus is gone: it must not fall back to the top of the page.
      if (hadFocus) box.focus();
      // An alert is spoken when something comes into it, not when it comes filled.
      if (say) setTimeout(() => text.append(...filled), 50);
      else text.append(...filled);
    },

    /** Into the panel, for reading at leisure; closing goes back to where the focus was. */
    focus() {
      if (!open || page.activeElement === open.host) return;
      returnTo = page.activeElement;
      open.box.focus();
    },
  };

  /**
   * @param {string} label
   * @param {() => void} press
   */
  function button(label, press) {
    const element = page.createElement("button");
    element.type = "button";
    element.textContent = label;
    element.addEventListener("click", press, { signal });
    return element;
  }
}
