/**
 * Where a page is never changed: what would stand in a panel in the page is shown beside it, and spoken.
 *
 * Whether a screen reader speaks what `ariaNotify` is given was seen in Chromium, and not in Firefox on Linux. There,
 * a window of our own says it.
 */

import { MESSAGE } from "../shared/messages.js";

/**
 * @param {Window} window
 * @param {object} parts
 * @param {(message: object) => Promise<any>} parts.send
 * @param {() => number | null} parts.current the number of the image that the user asked about last
 */
export function makeBeside(window, { send, current }) {
  const page = /** @type {Document & {ariaNotify?: (words: string) => void}} */ (window.document);
  const isProven = typeof page.ariaNotify === "function" && !("mozInnerScreenX" in window);

  /** @param {{asks: boolean}} options */
  const open = ({ asks }) => void send({ type: MESSAGE.openPanel, id: current(), asks });

  return {
    /**
     * @param {(string | import("./show.js").Paragraph)[]} paragraphs
     * @param {{say: import("./show.js").Say}} options
     */
    show(paragraphs, { say }) {
      const told = paragraphs.map((one) => (typeof one === "string" ? { words: one } : one)).filter(({ words }) => words);
      void tell(told, say !== null);
      return { openQuestion: () => open({ asks: true }) };
    },

    close: () => undefined,
    isOurs: () => false,
    isOpen: true,
    hasFocus: false,
    focus: () => open({ asks: false }),
  };

  /**
   * @param {import("./show.js").Paragraph[]} told
   * @param {boolean} aloud
   */
  async function tell(told, aloud) {
    const shown = await send({ type: MESSAGE.show, paragraphs: told, aloud });
    if (!aloud || shown?.spoken) return;
    if (isProven) page.ariaNotify?.(told.map(({ words }) => words).join("\n"));
    else open({ asks: false });
  }
}
