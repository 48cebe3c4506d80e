import assert from "node:assert/strict";
import { test } from "node:test";

import { isOwn, isPrivate } from "../../extension/background/addresses.js";
import { NoImageError, isDrawing, makeImages, unpack } from "../../extension/background/images.js";

const PNG = new Uint8Array([137, 80, 78, 71]);
const PAGE = "https://www.shop.example/new";

/**
 * @param {(url: string, asked: {credentials?: string, referer: string | null}) => Response | Promise<Response>} site
 */
function setUp(site) {
  /** @type {Map<number, any>} */
  const rules = new Map();
  /** @type {[string, string | undefined, string | null, string | undefined][]} */
  const asked = [];
  const requestRules = {
    async updateSessionRules(/** @type {any} */ { addRules = [], removeRuleIds = [] }) {
      for (const rule of addRules) rules.set(rule.id, rule);
      for (const id of removeRuleIds) rules.delete(id);
    },
  };
  /** @param {any} input @param {RequestInit} [init] */
  const fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    const url = String(input);
    const rule = [...rules.values()].find(({ condition }) => url.startsWith(condition.urlFilter.slice(1)));
    const referer = rule?.action.requestHeaders[0].value ?? null;
    asked.push([url, init?.credentials, referer, init?.cache]);
    return site(url, { credentials: init?.credentials, referer });
  };
  const images = makeImages({ fetch, requestRules, random: () => 7 });
  const get = (/** @type {string} */ url, more = {}) =>
    images.fetch({ url, page: PAGE, forPage: true, isolated: false, signal: new AbortController().signal, ...more });
  return { get, asked, rules };
}

const png = () => new Response(PNG, { headers: { "content-type": "image/png" } });

/** @type {[string, string, boolean][]} */
const OWN = [
  ["https://www.shop.example/a.png", PAGE, true],
  ["https://shop.example/a.png", PAGE, true],
  ["https://img.shop.example/a.png", PAGE, true],
  ["http://www.shop.example:8080/a.png", PAGE, true],
  ["https://www.shop.example/a.png", "http://www.shop.example/", false],
  ["http://www.shop.example/a.png", "http://www.shop.example/", true],
  ["http://localhost:8080/a.png", "http://localhost:8080/", true],
  ["http://localhost:9000/a.png", "http://localhost:8080/", false],
  ["http://192.168.1.1:9000/a.png", "http://192.168.1.1/", false],
  ["http://other.nas.lan/a.png", "http://nas.lan/", false],
  ["https://bank.example/a.png", PAGE, false],
  ["https://notshop.example/a.png", PAGE, false],
  ["https://shop.example.evil.test/a.png", PAGE, false],
  ["https://shop.example/a.png", "https://evil.shop.example/", false],
  ["https://other.github.io/a.png", "https://evil.github.io/", false],
  ["data:image/png;base64,AA", PAGE, true],
  ["https://shop.example/a.png", "null", false],
];
for (const [url, page, expected] of OWN) {
  test(`${url} is ${expected ? "" : "not "}${page}'s own`, () => assert.equal(isOwn(url, page), expected));
}

/** @type {[string, boolean][]} */
const PRIVATE = [
  ["http://localhost/a", true],
  ["http://127.0.0.1:41717/a", true],
  ["http://127.1/a", true],
  ["http://2130706433/a", true],
  ["http://10.1.2.3/a", true],
  ["http://172.20.0.1/a", true],
  ["http://172.32.0.1/a", false],
  ["http://192.168.1.1/a", true],
  ["http://169.254.169.254/a", true],
  ["http://[::1]/a", true],
  ["http://[fd00::1]/a", true],
  ["http://[fe80::1]/a", true],
  ["http://[::ffff:10.0.0.1]/a", true],
  ["http://[2606:4700::1]/a", false],
  ["http://router/a", true],
  ["http://nas.local/a", true],
  ["http://localhost./a", true],
  ["http://nas.local./a", true],
  ["http://router./a", true],
  ["http://127.0.0.1./a", true],
  ["http://100.64.0.1/a", true],
  ["http://100.127.255.1/a", true],
  ["http://100.128.0.1/a", false],
  ["http://100.63.0.1/a", false],
  ["http://[64:ff9b::7f00:1]/a", true],
  ["http://[::7f00:1]/a", true],
  ["http://[2002:7f00:1::]/a", true],
  ["http://nas.lan/a", true],
  ["http://nas.home.arpa/a", true],
  ["http://nas.localdomain/a", true],
  ["http://fritz.box/a", true],
  ["https://atlan.example/a", false],
  ["https://plan/a", true],
  ["https://lan.example/a", false],
  ["file:///etc/a.png", true],
  ["https://shop.example/a", false],
  ["https://10.example/a", false],
  ["https://localhost.example/a", false],
];
for (const [url, expected] of PRIVATE) {
  test(`${url} is ${expected ? "" : "not "}private`, () => assert.equal(isPrivate(url), expected));
}

test("a page's own image comes with cookies, another site's without", async () => {
  const { get, asked } = setUp(png);
  await get("https://img.shop.example/a.png");
  await get("https://bank.example/statement.png");
  assert.deepEqual(asked.map(([, credentials]) => credentials), ["include", "omit"]);
});

test("what only the user will hear is fetched as the browser would", async () => {
  const { get, asked } = setUp(png);
  await get("https://bank.example/statement.png", { forPage: false });
  await get("http://192.168.1.1/camera.png", { forPage: false });
  assert.deepEqual(asked.map(([, credentials]) => credentials), ["include", "include"]);
});

test("a private window or a container never has the normal profile's cookies, and leaves nothing in its cache", async () => {
  const { get, asked } = setUp(png);
  await get("https://www.shop.example/a.png", { isolated: true });
  await get("https://bank.example/statement.png", { isolated: true, forPage: false });
  await get("https://bank.example/statement.png", { forPage: false });
  assert.deepEqual(asked.map(([, credentials, , cache]) => [credentials, cache]), [["omit", "no-store"], ["omit", "no-store"], ["include", "default"]]);
});

test("a page's own address that leads to another site is asked again without cookies", async () => {
  const { get, asked } = setUp(() => {
    const reply = png();
    Object.defineProperty(reply, "url", { value: "https://bank.example/statement.png" });
    return reply;
  });
  await get("https://www.shop.example/redirect");
  assert.deepEqual(asked.map(([, credentials]) => credentials), ["include", "omit"]);
});

test("a public page cannot have private addresses read out, also not by a redirect", async () => {
  const { get, asked } = setUp(() => {
    const reply = png();
    Object.defineProperty(reply, "url", { value: "http://10.0.0.1/camera.png" });
    return reply;
  });
  await assert.rejects(get("http://192.168.1.1/camera.png"), NoImageError);
  assert.deepEqual(asked, []);
  await assert.rejects(get("https://cdn.example/redirect"), NoImageError);
});

test("a private page may show private images", async () => {
  const { get } = setUp(png);
  assert.equal((await get("http://127.0.0.1:8080/a.png", { page: "http://127.0.0.1:8080/" })).size, 4);
});

test("a site that refuses foreign pages is asked once more with the page as referrer", async () => {
  const { get, asked, rules } = setUp((_, { referer }) => (referer ? png() : new Response("", { status: 403 })));
  assert.equal((await get("https://cdn.example/hot.png")).type, "image/png");
  assert.deepEqual(asked.map(([, , referer]) => referer), [null, "https://www.shop.example/"]);
  assert.equal(rules.size, 0, "the rule is gone again");
});

for (const [what, site] of /** @type {[string, () => Response][]} */ ([
  ["is missing", () => new Response("", { status: 404 })],
  ["is empty", () => new Response(new Uint8Array())],
  ["cannot be reached", () => { throw new TypeError("Failed to fetch"); }],
])) {
  test(`an image that ${what} is one clear error`, async () => {
    await assert.rejects(setUp(site).get("https://cdn.example/a.png"), NoImageError);
  });
}

test("an endless image is stopped", async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(8_000_000));
    },
  });
  await assert.rejects(setUp(() => new Response(endless)).get("https://cdn.example/a.png"), /too large/);
  assert.ok(sent < 20);
});

test("what was cancelled is not called an error of the image", async () => {
  const { get } = setUp(png);
  await assert.rejects(get("https://cdn.example/a.png", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("bytes arrive as a Blob or as a data: address; an empty object is a lost Blob", async () => {
  assert.equal((await unpack(new Blob([PNG])))?.size, 4);
  assert.equal((await unpack("data:image/png;base64,iVBORw=="))?.size, 4);
  assert.equal(await unpack({}), null);
  assert.equal(await unpack("https://evil.test/"), null);
});

/** @type {[string, string, boolean][]} */
const DRAWINGS = [
  ["image/svg+xml", "<svg/>", true],
  ["image/svg+xml; charset=utf-8", "", true],
  ["text/plain", '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="x">', true],
  ["", "<svg>", true],
  ["image/png", "<svg>", false],
  ["text/html", "<html><svg>", false],
  ["", "\x89PNG", false],
];
for (const [type, start, expected] of DRAWINGS) {
  test(`"${type}" that begins with ${JSON.stringify(start)} is ${expected ? "" : "not "}a drawing`, async () => {
    assert.equal(await isDrawing(new Blob([start], { type })), expected);
  });
}

test("what many places show is fetched once, and one that gives up stops nobody else", async () => {
  /** @type {(reply: Response) => void} */
  let answer = () => undefined;
  const { get, asked } = setUp(() => new Promise((resolve) => (answer = resolve)));
  const hurried = new AbortController();
  const first = get("https://www.shop.example/a.png", { signal: hurried.signal });
  const second = get("https://www.shop.example/a.png");
  hurried.abort();
  await assert.rejects(first, { name: "AbortError" });
  answer(png());
  assert.equal((await second).size, PNG.length);
  assert.equal(asked.length, 1);
});

test("what nobody waits for any more is not fetched to its end", async () => {
  /** @type {AbortSignal | null | undefined} */
  let seen;
  const fetch = (/** @type {any} */ _, /** @type {RequestInit} */ init) => {
    seen = init.signal;
    return new Promise(() => undefined);
  };
  const images = makeImages({ fetch: /** @type {any} */ (fetch), requestRules: /** @type {any} */ ({}), random: () => 7 });
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = images.fetch({ url: "https://www.shop.example/a.png", page: PAGE, forPage: true, isolated: false, signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.equal(seen?.aborted, true);
});
