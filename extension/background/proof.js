/** The proof that the helper is the helper, and what both sides derive from their key for one session. */

/** @typedef {import("./helper.js").Pairing} Pairing */

/**
 * @param {Crypto} crypto
 * @param {Pairing} pairing
 * @param {string} ours our nonce
 * @param {string} theirs the helper's nonce
 * @param {string} proof
 * @returns {Promise<string | null>} the bearer of the new session, or null when the proof is wrong
 */
export async function prove(crypto, pairing, ours, theirs, proof) {
  const transcript = `${pairing.client}|${ours}|${theirs}|127.0.0.1:${pairing.port}`;
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = fromBase64Url(proof);
  const secret = fromBase64Url(pairing.key);
  if (!bytes || !secret) return null;
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  // `verify` compares in constant time.
  const genuine = await crypto.subtle.verify("HMAC", key, bytes, text.encode(`altaloud helper|${transcript}`));
  if (!genuine) return null;
  const session = await crypto.subtle.sign("HMAC", key, text.encode(`altaloud session|${transcript}`));
  return `${pairing.client}.${toBase64Url(new Uint8Array(session))}`;
}

/** @param {Uint8Array} bytes */
export function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
export function fromBase64Url(text) {
  // One character more than whole groups of four holds no whole byte.
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
