/**
 * The one file that talks to the helper.
 *
 * Any program on the computer can listen on the helper's port, so nothing is believed or sent before the
 * answer to `/v1/hello` has proved that it knows our key and its own port; and when the helper has not been heard
 * for some seconds, it has to prove it again, for another program may have its port by now. The key itself is
 * never sent: both sides derive a bearer for this session from it.
 */

import { prove, toBase64Url } from "./proof.js";
import { ConnectionError, RefusedError, TOO_SLOW, readJson, refusal } from "./replies.js";

const HELLO_SECONDS = 5;
const DESCRIBE_SECONDS = 120; // the first photograph may have to wait for the model to load
const SMALL_SECONDS = 15;
const NONCE_BYTES = 32;

/** How long the helper is believed to be behind its port after it was last heard there. */
const FRESH_SECONDS = 5;

/** @typedef {{client: string, key: string, port: number}} Pairing `key` in base64url */

/** @typedef {{bearer: string, port: number}} Session */

/**
 * Where pairings and the current session are kept between two lives of the background worker.
 *
 * @typedef {object} Connection
 * @property {() => Promise<Pairing | null>} pairing as last known
 * @property {(options: {eager: boolean}) => Promise<(Pairing & {running: boolean}) | null>} askNativeHost
 * @property {() => Promise<Session | null>} session
 * @property {(session: Session) => Promise<void>} keepSession
 * @property {(session: Session) => Promise<void>} forgetSession if it is still the one that is kept
 */

/**
 * @param {object} parts
 * @param {typeof fetch} parts.fetch
 * @param {Crypto} parts.crypto
 * @param {Connection} parts.connection
 * @param {() => number} [parts.now] milliseconds
 */
export function makeHelper({ fetch, crypto, connection, now = Date.now }) {
  /** One greeting at a time, however many requests wait for it. @type {Promise<Session> | null} */
  let greeting = null;
  /** When a bearer of ours was last taken or the proof given; a new life of the worker begins with a new proof. */
  let heard = -Infinity;

  /** @param {boolean} eager whether the user is waiting, so that no effort is spared */
  async function session(eager) {
    const kept = await connection.session();
    if (kept && now() - heard < FRESH_SECONDS * 1000) return kept;
    greeting ??= greet(eager).finally(() => (greeting = null));
    return greeting;
  }

  /** @param {boolean} eager */
  async function greet(eager) {
    const known = await connection.pairing();
    /** @type {ConnectionError} */
    let failure = new ConnectionError("unpaired");
    if (known) {
      try {
        return await hello(known);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        failure = error;
      }
    }
    // The helper may have moved to another port, or forgotten us: the native host knows.
    const told = await connection.askNativeHost({ eager });
    if (!told) throw failure;
    if (!told.running) throw new ConnectionError("stopped");
    return hello(told);
  }

  /**
   * @param {Pairing} pairing
   * @returns {Promise<Session>}
   */
  async function hello(pairing) {
    const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const { reply, answer } = await post(pairing.port, "/v1/hello", { client: pairing.client, nonce });
    if (reply.status === 401 || reply.status === 403) throw new ConnectionError("unpaired");
    if (reply.status === 429) throw refusal(reply, answer);
    if (reply.status >= 500) throw new ConnectionError("stopped"); // It is just starting, or just ending.
    if (typeof answer?.nonce !== "string" || typeof answer?.proof !== "string") throw new ConnectionError("stranger");
    const bearer = await prove(crypto, pairing, nonce, answer.nonce, answer.proof);
    if (bearer === null) throw new ConnectionError("stranger");
    const session = { bearer, port: pairing.port };
    await connection.keepSession(session);
    heard = now();
    return session;
  }

  /**
   * @param {number} port
   * @param {string} path
   * @param {object} body
   */
  async function post(port, path, body) {
    try {
      const reply = await send(port, path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(HELLO_SECONDS * 1000),
      });
      return { reply, answer: await readJson(reply) };
    } catch (error) {
      throw new ConnectionError("stopped", { cause: error });
    }
  }

  /**
   * @param {number} port
   * @param {string} path
   * @param {RequestInit} init
   */
  function send(port, path, init) {
    return fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  }

  /**
   * @param {string} path
   * @param {object} [options]
   * @param {"POST" | "DELETE"} [options.method]
   * @param {FormData | object} [options.body]
   * @param {AbortSignal} [options.signal]
   * @param {number} [options.seconds]
   * @param {boolean} [options.eager]
   * @returns {Promise<any>} the helper's JSON, or null where it sent none
   * @throws {ConnectionError | RefusedError | DOMException} the last when `signal` was aborted
   */
  async function request(path, { eager = false, ...options } = {}) {
    for (let mayRetry = true; ; mayRetry = false) {
      const current = await session(eager);
      try {
        const { reply, answer } = await exchange(path, current, options);
        if (reply.status !== 401) heard = now();
        if (reply.ok) return answer;
        if (reply.status !== 401) throw refusal(reply, answer);
        if (!mayRetry) throw new ConnectionError("unpaired");
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof TypeError)) throw error; // What fetch throws when nobody is there.
        if (!mayRetry) throw new ConnectionError("stopped", { cause: error });
      }
      // The session ended, with its day or with its helper: greet again, once.
      await connection.forgetSession(current);
    }
  }

  /**
   * @param {string} path
   * @param {Session} session
   * @param {{method?: "POST" | "DELETE", body?: FormData | object, signal?: AbortSignal, seconds?: number}} options
   */
  async function exchange(path, { bearer, port }, { method = "POST", body = {}, signal, seconds = SMALL_SECONDS }) {
    signal?.throwIfAborted();
    const authorization = `Bearer ${bearer}`;
    const limit = AbortSignal.timeout(seconds * 1000);
    /** @type {RequestInit} */
    const content = { headers: { authorization } };
    if (body instanceof FormData) content.body = body;
    else if (method !== "DELETE") {
      content.headers = { authorization, "content-type": "application/json" };
      content.body = JSON.stringify(body);
    }
    const signals = AbortSignal.any(signal ? [limit, signal] : [limit]);
    try {
      const reply = await send(port, path, { ...content, method, signal: signals });
      return { reply, answer: await readJson(reply) };
    } catch (error) {
      if (!limit.aborted) throw error;
      throw new RefusedError("", { status: 408, error: TOO_SLOW });
    }
  }

  return {
    /**
     * @param {Blob} image as the page has it
     * @param {object} wanted the contract's `request`
     * @param {{signal?: AbortSignal, eager?: boolean}} [options]
     */
    describe(image, wanted, { signal, eager } = {}) {
      return request("/v1/descriptions", { body: formOf(image, wanted), signal, eager, seconds: DESCRIBE_SECONDS });
    },

    /**
     * @param {Blob} image
     * @param {object} wanted the contract's `request` of a question
     * @param {{signal?: AbortSignal, eager?: boolean}} [options]
     */
    ask(image, wanted, { signal, eager } = {}) {
      return request("/v1/questions", { body: formOf(image, wanted), signal, eager, seconds: DESCRIBE_SECONDS });
    },

    /**
     * @param {string} descriptionId
     * @param {string} alt
     */
    correct: (descriptionId, alt) =>
      request("/v1/corrections", { body: { description_id: descriptionId, alt }, eager: true }),

    /**
     * @param {string} text
     * @param {string | null} [language] null for the user's own
     */
    say: (text, language = null) => request("/v1/speech", { body: { text, language } }),

    hush: () => request("/v1/speech", { method: "DELETE" }),

    /** @param {{eager?: boolean}} [options] */
    status: (options = {}) => request("/v1/status", options),

    /** Greet the helper if that has not been done. @param {{eager?: boolean}} [options] */
    async meet({ eager = false } = {}) {
      await session(eager);
    },

    /**
     * Trade the code that the helper speaks for a key of our own.
     *
     * @param {string} code
     * @param {number} port
     * @returns {Promise<Pairing>}
     */
    async pair(code, port) {
      const { reply, answer } = await post(port, "/v1/pairings", { code });
      if (!reply.ok) throw refusal(reply, answer);
      if (typeof answer?.client !== "string" || typeof answer?.key !== "string") throw new ConnectionError("stranger");
      return { client: answer.client, key: answer.key, port };
    },
  };
}

/**
 * @param {Blob} image
 * @param {object} wanted
 */
function formOf(image, wanted) {
  const form = new FormData();
  form.append("image", image, "image");
  form.append("request", JSON.stringify(wanted));
  return form;
}
