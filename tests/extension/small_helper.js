/** A small real helper for the tests: it speaks the contract over HTTP on this computer, and knows no pictures. */

import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";

/**
 * @typedef {object} Asked one request, as it came
 * @property {string} route such as "POST /v1/descriptions"
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {any} body JSON; of multipart the `request` part
 * @property {Buffer | null} image
 */

/**
 * What to answer instead of a description.
 *
 * @typedef {object} Refusal
 * @property {number} status
 * @property {object} body
 * @property {Record<string, string>} [headers]
 */

/**
 * @param {object} [options]
 * @param {string} [options.client]
 * @param {Buffer} [options.key]
 * @param {string} [options.code] one that pairs
 * @param {number} [options.port] 0 for any
 * @param {Buffer} [options.signingKey] for a stranger who does not know the key
 * @param {(asked: Asked) => object | Refusal | Promise<object | Refusal>} [options.describe]
 * @param {(asked: Asked) => object | Refusal} [options.answer] to a question
 */
export async function startHelper({
  client = "browser-1",
  key = randomBytes(32),
  code = "123456",
  port = 0,
  signingKey = key,
  describe = ({ body }) => descriptionOf(`words for ${body.context.file_name}`),
  answer = ({ body }) => ({ answer: `an answer to ${body.question}`, confidence: 0.9, hedged: false, language: "en" }),
} = {}) {
  /** @type {Asked[]} */
  const asked = [];
  /** @type {Set<string>} */
  const bearers = new Set();
  const seen = { now: 0, most: 0 };

  const server = createServer(async (request, response) => {
    const route = `${request.method} ${request.url}`;
    const { body, image } = await read(request);
    asked.push({ route, headers: request.headers, body, image });
    const { status, body: answer, headers = {} } = await reply(route, request.headers.authorization, { body, image });
    if (response.destroyed) return;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(answer));
  });

  /**
   * @param {string} route
   * @param {string | undefined} authorization
   * @param {{body: any, image: Buffer | null}} content
   * @returns {Promise<Refusal>}
   */
  async function reply(route, authorization, { body, image }) {
    if (route === "POST /v1/hello") return hello(body);
    if (route === "POST /v1/pairings") {
      if (body.code !== code) return refused(403, "ForbiddenError", "that code is not right", "Ask for a new code.");
      return { status: 200, body: { client, key: key.toString("base64url") } };
    }
    if (!bearers.has(authorization?.replace("Bearer ", "") ?? "")) {
      return refused(401, "NotPairedError", "no session", "Say hello again.");
    }
    const asked = { route, headers: {}, body, image };
    if (route === "POST /v1/questions") return ready(answer(asked));
    if (route === "POST /v1/corrections") return { status: 200, body };
    if (route !== "POST /v1/descriptions") return { status: 200, body: {} };
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    const described = await describe(asked);
    seen.now -= 1;
    return ready(described);
  }

  /** @param {object | Refusal} given */
  function ready(given) {
    return "status" in given ? /** @type {Refusal} */ (given) : { status: 200, body: given };
  }

  /** @param {{client: string, nonce: string}} body */
  function hello(body) {
    if (body.client !== client) return refused(401, "NotPairedError", "this client has no key here", "Pair again.");
    const nonce = randomBytes(32).toString("base64url");
    const transcript = `${client}|${body.nonce}|${nonce}|127.0.0.1:${address().port}`;
    const sign = (/** @type {string} */ what, /** @type {Buffer} */ secret) =>
      createHmac("sha256", secret).update(`altaloud ${what}|${transcript}`).digest("base64url");
    bearers.add(`${client}.${sign("session", key)}`);
    return { status: 200, body: { nonce, proof: sign("helper", signingKey) } };
  }

  function address() {
    return /** @type {import("node:net").AddressInfo} */ (server.address());
  }

  server.unref(); // A test that fails does not close it, and must end all the same.
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return {
    pairing: { client, key: key.toString("base64url"), port: address().port },
    asked,
    /** How many images were described at once, at most. */
    mostAtOnce: () => seen.most,
    /** Forget all sessions, as after a restart. */
    forgetSessions: () => bearers.clear(),
    routes: () => asked.map(({ route }) => route),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * @param {string | null} alt
 * @param {object} [more]
 */
export function descriptionOf(alt, more = {}) {
  return {
    id: "b1yq0vWb8sLw2gZk3Jt1mU",
    kind: alt === null ? "blank" : "text",
    alt,
    reason: alt === null ? "The image is one plain colour." : null,
    text: alt,
    caption: null,
    icon: null,
    confidence: 1,
    hedged: false,
    model: "small@1",
    language: "en",
    cached: false,
    milliseconds: 1,
    ...more,
  };
}

/**
 * @param {number} status
 * @param {string} error
 * @param {string} message
 * @param {string} advice
 * @param {Record<string, string>} [headers]
 * @returns {Refusal}
 */
export function refused(status, error, message, advice, headers = {}) {
  return { status, body: { error, message, advice }, headers };
}

/** @param {import("node:http").IncomingMessage} request */
async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const bytes = Buffer.concat(parts);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) return { body: bytes.length > 0 ? JSON.parse(bytes.toString()) : null, image: null };
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const image = form.get("image");
  return {
    body: JSON.parse(String(form.get("request"))),
    image: image instanceof Blob ? Buffer.from(await image.arrayBuffer()) : null,
  };
}
