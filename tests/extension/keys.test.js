/** The keys in a page: describe, ask, next image; and the panel in which they answer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextImage } from "../../extension/background/frames.js";
import { firstInView, imageMeant } from "../../extension/content/at_hand.js";
import { makeHotkey } from "../../extension/content/hotkey.js";
import { makeKnown } from "../../extension/content/known.js";
import { makePanel } from "../../extension/content/show.js";
import { makeStepping } from "../../extension/content/stepping.js";
import { makeTranslate } from "../../extension/shared/i18n.js";
import { MESSAGE } from "../../extension/shared/messages.js";
import { makeApi } from "./browser_api.js";
import { activityOf, makePage, openRootOf, until } from "./dom.js";
import { descriptionOf } from "./small_helper.js";

const STOPPED = { state: "stopped", message: "", advice: "" };

/**
 * @param {string} html
 * @param {{answer?: (wish: any) => any, background?: (message: any) => any}} [options]
 */
function setUp(html, { answer = () => ({ description: { ...descriptionOf("Summer sale"), spoken: true } }), background = () => null } = {}) {
  const page = makePage(html);
  const { document, names, window } = page;
  // The panel's root is closed to everybody, and so to tests.
  /** @type {any} */
  let shadow = null;
  const attach = window.Element.prototype.attachShadow;
  window.Element.prototype.attachShadow = function (/** @type {ShadowRootInit} */ init) {
    return (shadow = attach.call(this, init));
  };
  document.querySelectorAll = new Proxy(document.querySelectorAll, {
    apply: (target, self, [selector]) => Reflect.apply(target, self, [selector.replace("dialog:modal", "dialog[modal]")]),
  });
  window.Element.prototype.scrollIntoView = () => undefined;
  const t = makeTranslate(makeApi().api);
  const { signal } = new window.AbortController();
  window.AbortSignal.any = /** @type {any} */ ((/** @type {AbortSignal[]} */ signals) => signals.at(-1));
  globalThis.AbortController = window.AbortController;
  globalThis.AbortSignal = window.AbortSignal;
  const panel = makePanel(document, { signal, t, onClose: () => hotkey.closed() });
  /** @type {any[]} */
  const asked = [];
  /** @type {any[]} */
  const sent = [];
  const known = makeKnown();
  const inView = () => firstInView(document, { names, shadowRootOf: openRootOf, view: { left: 0, top: 0, right: 1024, bottom: 768 } })[0];
  const atHand = () => /** @type {Element} */ (imageMeant(document, { shadowRootOf: openRootOf, hovered: () => null, activity: activityOf(document) })?.image ?? inView());
  /** @type {any[]} */
  const own = [];
  const hotkey = makeHotkey({
    signal,
    ...{ authorsWords: names.of, replacedWords: () => "" },
    ask: {
      about(wish) {
        asked.push(wish);
        return { answer: Promise.resolve(answer(wish)), raise: () => undefined, cancel: () => undefined };
      },
      async send(message) {
        sent.push(message);
        return background(message);
      },
    },
    known,
    onOwnWords: (image, words) => own.push([image.id, words]),
    t,
    now: () => performance.now(),
    onAnswer: () => undefined,
  });
  const isDecorative = (/** @type {Element} */ image) => image.getAttribute("alt") === "";
  /** @type {Element[]} */
  const numbered = [];
  const idOf = (/** @type {Element} */ image) => (numbered.includes(image) ? numbered.indexOf(image) : numbered.push(image) - 1);
  const stepping = makeStepping(document, { signal, names, isDecorative, shadowRootOf: openRootOf, idOf, onScroll: () => undefined });
  async function next({ reached = /** @type {Element | null} */ (null) } = {}) {
    const alone = { frameId: 0, path: "", isEntered: true, isShowing: false, isSmall: false, meant: null, inView: [] };
    const step = nextImage([{ ...alone, outline: stepping.outline({ inView: inView() ?? null, reached }) }]);
    const image = numbered[step?.id ?? -1];
    if (!step || !image) return null;
    stepping.go(image, { mayChange: true });
    await hotkey.announce({ ...step, image }, panel);
    return [image.id, step.place, step.count];
  }
  const text = () => shadow?.querySelector("[role=dialog]")?.textContent ?? "";
  const role = () => shadow.querySelector("[role=dialog] > div").getAttribute("role");
  const languageOf = (/** @type {string} */ words) =>
    [...shadow.querySelectorAll("p")].find(({ textContent }) => textContent === words)?.lang;
  const buttons = () => [...shadow.querySelectorAll("button")].map(({ textContent }) => textContent);
  const press = (/** @type {string} */ label) => [...shadow.querySelectorAll("button")].find((one) => one.textContent === label).click();
  const submit = (/** @type {string} */ words) => {
    const field = shadow.querySelector("input, textarea");
    field.value = words;
    shadow.querySelector("form").dispatchEvent(new window.Event("submit", { cancelable: true, bubbles: true }));
  };
  const escape = () => document.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  const describe = () => hotkey.describe(atHand(), panel);
  const question = () => hotkey.question(atHand(), panel);
  const nothing = (/** @type {string} */ words) => hotkey.nothing(words, panel);
  const inner = () => shadow.activeElement;
  return { ...page, panel, describe, question, nothing, known, next, asked, sent, own, text, role, languageOf, buttons, press, submit, escape, inner };
}

const ONE = '<a id="link" href="/x"><img id="one" src="/1.png"></a>';

test("what the helper has spoken is shown, and not spoken again", async () => {
  const { describe, panel, text, buttons, find } = setUp(ONE);
  find("#link").focus();
  await describe();
  assert.match(text(), /^Summer sale/);
  assert.deepEqual(buttons(), ["Copy", "Ask a question", "Use my own words", "Close"]);
  assert.equal(panel.hasFocus, false);
});

test("an answer that comes after the picture was changed is not kept as the new one's", async () => {
  const change = () => (find("#one").src = "/2.png");
  const { describe, find, known, buttons } = setUp(ONE, { answer: async () => change() && { description: descriptionOf("The first") } });
  await describe();
  assert.equal(known.of(find("#one")), null);
  assert.ok(!buttons().includes("Use my own words"));
});

test("pressed again, the long description; a third time, into the panel", async () => {
  const { describe, panel, asked } = setUp(ONE);
  for (let press = 0; press < 3; press += 1) await describe();
  assert.deepEqual(asked.map(({ detail }) => detail), ["short", "long"]);
  assert.equal(panel.hasFocus, true);
});

test("what keeps a description short is told to whoever asks for more, in the helper's language", async () => {
  const description = { ...descriptionOf("Foto"), language: "de", reason: "Das große Modell ist nicht installiert.", spoken: true };
  const { describe, text, languageOf } = setUp(ONE, { answer: () => ({ description }) });
  await describe();
  assert.doesNotMatch(text(), /Modell/);
  await describe();
  assert.match(text(), /^FotoDas große Modell ist nicht installiert\./);
  assert.equal(languageOf("Das große Modell ist nicht installiert."), "de");
});

test("a reason for silence stands for itself, in the helper's language", async () => {
  const description = { ...descriptionOf(""), alt: null, language: "de", reason: "Das Bild hat nur eine einzige Farbe.", spoken: true };
  const { describe, text, languageOf } = setUp(ONE, { answer: () => ({ description }) });
  await describe();
  assert.match(text(), /^Das Bild hat nur eine einzige Farbe\./);
  assert.equal(languageOf("Das Bild hat nur eine einzige Farbe."), "de");
});

test("that there is no image is said by the helper, or by the screen reader where it cannot", async () => {
  for (const spoken of [true, false]) {
    const { nothing, sent, text, role } = setUp("<p>Nothing</p>", { background: () => ({ spoken }) });
    nothing("No image here.");
    await until(() => text().startsWith("No image here."), "the words");
    assert.deepEqual(sent, [{ type: MESSAGE.say, text: "No image here.", language: "en" }]);
    assert.equal(role(), spoken ? null : "alert");
  }
});

test("a question asked at an image that takes no focus leads back to it", async () => {
  const { next, question, panel, document, find } = setUp('<p>Text</p><img id="one" src="/1.png">');
  await next();
  assert.equal(document.activeElement?.id, "one");
  question();
  assert.equal(panel.hasFocus, true);
  panel.close();
  assert.equal(document.activeElement?.id, "one");
  /** @type {HTMLElement} */ (document.activeElement).blur();
  assert.equal(find("#one").hasAttribute("tabindex"), false);
});

test("a question is asked before any description, and the answer shown; closing leads back", async () => {
  const { question, panel, text, asked, submit, find, document, inner } = setUp(ONE, {
    answer: ({ question }) => ({ answer: { answer: `You asked: ${question}`, confidence: 1, language: "en", spoken: true } }),
  });
  find("#link").focus();
  question();
  assert.equal(inner().localName, "input");
  submit("  Who is it? ");
  await until(() => text().includes("You asked: Who is it?"), "the answer");
  assert.deepEqual(asked.map(({ question, byUser }) => [question, byUser]), [["Who is it?", true]]);
  panel.close();
  assert.equal(document.activeElement?.id, "link");
});

test("an empty question is not asked", () => {
  const { question, asked, submit } = setUp(ONE);
  question();
  submit("   ");
  assert.deepEqual(asked, []);
});

test("a problem with a question is said in words", async () => {
  const { question, text, submit } = setUp(ONE, { answer: () => ({ problem: STOPPED }) });
  question();
  submit("Who?");
  await until(() => text().includes("helper is not running"), "the reason");
});

test("own words are kept, and shown from then on", async () => {
  const { describe, press, submit, text, sent, own } = setUp(ONE, { background: ({ alt }) => ({ alt }) });
  await describe();
  press("Use my own words");
  submit("Our shop in August");
  await until(() => text().includes("Kept."), "the new words");
  assert.match(text(), /Our shop in August/);
  assert.deepEqual(sent, [{ type: MESSAGE.correct, descriptionId: descriptionOf("").id, alt: "Our shop in August" }]);
  assert.deepEqual(own, [["one", "Our shop in August"]]);
});

test("own words that cannot be kept are said not to be", async () => {
  const refusal = { problem: { state: "connected", message: "no such description", advice: "Describe it again." } };
  const { describe, press, submit, text, own } = setUp(ONE, { background: () => refusal });
  await describe();
  press("Use my own words");
  submit("Our shop");
  await until(() => text().includes("no such description"), "the reason");
  assert.deepEqual(own, []);
});

const MANY = `
  <img id="a" src="/a.png">
  <img id="decorative" src="/d.png" alt="">
  <p aria-hidden="true"><img id="hidden" src="/h.png"></p>
  <p id="text">Some text</p>
  <a id="link" href="/x"><img id="b" src="/b.png" alt="The author's"></a>
  <img id="dot" src="/dot.png" width="1" height="1">
  <div id="host"></div>
  <img id="c" src="/c.png">`;

/** @param {Parameters<typeof setUp>[1]} [options] */
function many(options) {
  const page = setUp(MANY, options);
  const root = page.find("#host").attachShadow({ mode: "open" });
  root.innerHTML = '<img id="deep" src="/deep.png">';
  return page;
}

/** @param {Document} document */
function blur(document) {
  /** @type {HTMLElement | null} */ (document.activeElement)?.blur();
}

test("from image to image, around the page, in reading order", async () => {
  const { next } = many();
  const steps = [];
  for (let step = 0; step < 5; step += 1) steps.push(await next());
  assert.deepEqual(steps, [["a", 1, 4], ["b", 2, 4], ["deep", 3, 4], ["c", 4, 4], ["a", 1, 4]]);
});

test("the place is said with what is known, and an author's word costs no question", async () => {
  const { next, sent, asked, text } = many();
  await next();
  await next();
  assert.deepEqual(sent.map((message) => message.text), ["1 of 4: Summer sale", "2 of 4: The author's"]);
  assert.deepEqual(asked.map(({ image, speak }) => [image.id, speak]), [["a", false]]);
  for (let step = 0; step < 3; step += 1) await next();
  assert.deepEqual(asked.map(({ image }) => image.id), ["a", "deep", "c"]);
  await until(() => text().includes("1 of 4:"), "the panel");
});

test("the place is said of an image of which nothing can be said, and why", async () => {
  const damaged = { state: "connected", message: "The image is damaged.", advice: "Load it again." };
  const { next, sent, text } = many({ answer: () => ({ problem: damaged }), background: () => ({ spoken: true }) });
  await next();
  assert.deepEqual(sent.map((message) => message.text), ["1 of 4: The image is damaged."]);
  assert.match(text(), /1 of 4:.*The image is damaged\..*Load it again\./);
});

test("it goes on from where the reader has gone since", async () => {
  const { next, find, document } = many();
  await next();
  document.getSelection()?.collapse(find("#c"), 0);
  blur(document);
  assert.deepEqual(await next(), ["a", 1, 4]);
  blur(document);
  document.getSelection()?.collapse(find("#text").firstChild, 2);
  assert.deepEqual(await next(), ["b", 2, 4]);
});

test("it goes on from the image that a reader has scrolled to, though the focus is elsewhere", async () => {
  const { next, find } = many();
  find("#link").focus();
  assert.deepEqual(await next({ reached: find("#a") }), ["b", 2, 4]);
});

test("a step from a focused link is away from its image", async () => {
  const { next, find } = many();
  find("#link").focus();
  assert.deepEqual(await next(), ["deep", 3, 4]);
});

test("a step focuses a link, and an image only for as long as it is there", async () => {
  const { next, find, document } = many();
  await next();
  assert.equal(document.activeElement?.id, "a");
  assert.equal(find("#a").getAttribute("tabindex"), "-1");
  await next();
  assert.equal(document.activeElement?.id, "link");
  assert.equal(find("#a").hasAttribute("tabindex"), false);
});
