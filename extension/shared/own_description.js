/** What needs no helper to be said. */

/**
 * @param {{alt: string | null, reason: string | null, language: string}} words
 * @returns {import("./constants.js").Description}
 */
export function ownDescription({ alt, reason, language }) {
  const nothing = { id: "", caption: null, icon: null, hedged: false, model: "", milliseconds: 0 };
  return { ...nothing, kind: alt === null ? "decorative" : "text", alt, reason, text: alt, confidence: 1, language, cached: true };
}
