/** What comes back from the helper, and the two ways in which it does not. */

/** No answer of the helper is longer; whatever is, is not the helper's. */
const MAX_REPLY_BYTES = 4_000_000;

/** `RefusedError.error` when the helper took too long. */
export const TOO_SLOW = "TooSlow";

/** The helper cannot be asked at all; `state` says how we stand with it. */
export class ConnectionError extends Error {
  /**
   * @param {"stopped" | "unpaired" | "stranger"} state
   * @param {ErrorOptions} [options]
   */
  constructor(state, options) {
    super(`the helper is ${state}`, options);
    this.name = "ConnectionError";
    this.state = state;
  }
}

/** The helper said no; `message` and `advice` are its own words, and empty where it had none. */
export class RefusedError extends Error {
  /**
   * @param {string} message
   * @param {{advice?: string, status?: number, retryAfterSeconds?: number, error?: string}} [more]
   */
  constructor(message, { advice = "", status = 0, retryAfterSeconds, error = "" } = {}) {
    super(message);
    this.name = "RefusedError";
    this.advice = advice;
    this.status = status;
    this.error = error;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * The helper says what is wrong as programs do in a terminal; here it is read by people, and by their ears.
 *
 * @param {{message: string, advice: string}} error
 * @returns {{message: string, advice: string, language: string}}
 */
export function inWords({ message, advice }) {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`.replace(/[^.!?…]$/, "$&.");
  return { message: sentence, advice: advice.replace(/`([^`]*)`/g, "“$1”"), language: "en" };
}

/**
 * @param {Response} reply
 * @returns {Promise<any>} null for what is no JSON, or too long to be the helper's
 */
export async function readJson(reply) {
  const decoder = new TextDecoder();
  const reader = reply.body?.getReader();
  let text = "";
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > MAX_REPLY_BYTES) {
      await reader?.cancel();
      return null;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  try {
    return text === "" ? null : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {Response} reply
 * @param {any} answer
 */
export function refusal(reply, answer) {
  const seconds = Number.parseFloat(reply.headers.get("retry-after") ?? "");
  return new RefusedError(String(answer?.message ?? ""), {
    advice: String(answer?.advice ?? ""),
    error: String(answer?.error ?? ""),
    status: reply.status,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
  });
}
