import assert from "node:assert/strict";
import { test } from "node:test";

import { firstInView, imageMeant } from "../../extension/content/at_hand.js";
import { activityOf, makePage, openRootOf } from "./dom.js";

const VIEW = { left: 0, top: 0, right: 1024, bottom: 768 };

/**
 * @param {ReturnType<typeof makePage>} page
 * @param {string} [under] selector of what the pointer is on
 */
function idAtHand({ document, names }, under) {
  const hovered = () => (under ? document.querySelector(under) : null);
  const meant = imageMeant(document, { shadowRootOf: openRootOf, hovered, activity: activityOf(document) });
  return (meant?.image ?? firstInView(document, { names, shadowRootOf: openRootOf, view: VIEW })[0])?.id ?? null;
}

const PAGE = `
  <img id="first" src="/1.png" data-box="0 0 100 100">
  <p><img id="second" src="/2.png" data-box="0 200 100 100"></p>
  <a id="link" href="/x" data-box="0 300 100 100"><img id="in-link" src="/3.png" data-box="0 300 100 100"></a>
  <figure id="figure"><img id="in-figure" src="/4.png" data-box="0 400 100 100"><figcaption>Caption</figcaption></figure>
  <button id="button">No image</button>`;

test("the focused link's image, before selection and pointer", () => {
  const page = makePage(PAGE);
  page.find("#link").focus();
  page.document.getSelection()?.selectAllChildren(page.find("p"));
  assert.equal(idAtHand(page, "#figure"), "in-link");
});

for (const alt of ["", ' alt="Red shoes"']) {
  test(`a link's image stays itself ${alt ? "once it has words" : "while it has none"}`, () => {
    const page = makePage(`<a id="link" href="/x"><img id="in-link" src="/3.png"${alt} data-box="0 0 100 100"></a>`);
    assert.equal(idAtHand(page), "in-link");
  });
}

test("the image under the selection, before the pointer", () => {
  const page = makePage(PAGE);
  page.document.getSelection()?.selectAllChildren(page.find("p"));
  assert.equal(idAtHand(page, "#figure"), "second");
});

test("the image that the caret stands before", () => {
  const page = makePage(PAGE);
  page.document.getSelection()?.collapse(page.find("p"), 0);
  assert.equal(idAtHand(page), "second");
});

test("the image of the figure whose caption holds the caret", () => {
  const page = makePage(PAGE);
  page.document.getSelection()?.collapse(page.find("figcaption").firstChild, 2);
  assert.equal(idAtHand(page), "in-figure");
});

test("a caret elsewhere means nothing", () => {
  const page = makePage(PAGE);
  page.document.getSelection()?.collapse(page.find("#button").firstChild, 1);
  assert.equal(idAtHand(page), "first");
});

for (const [under, expected] of [
  ["#second", "second"],
  ["figcaption", "in-figure"],
  ["#link", "in-link"],
  ["body", "first"],
  ["#button", "first"],
]) {
  test(`the pointer on ${under} means ${expected}`, () => {
    const page = makePage(PAGE);
    assert.equal(idAtHand(page, under), expected);
  });
}

test("a focused button without an image leaves it to the pointer", () => {
  const page = makePage(PAGE);
  page.find("#button").focus();
  assert.equal(idAtHand(page, "#second"), "second");
});

const IN_VIEW = [
  ["by lines, not by document order", `
    <img id="below" src="/1.png" data-box="0 300 100 100">
    <img id="right" src="/2.png" data-box="200 10 100 100">
    <img id="left" src="/3.png" data-box="0 20 100 80">`, "left"],
  ["not above the view", `<img id="above" src="/1.png" data-box="0 -200 100 100"><img id="in" src="/2.png">`, "in"],
  ["not a spacer", `<img id="dot" src="/1.png" width="1" height="1"><img id="in" src="/2.png">`, "in"],
  ["not a hidden one", `<p aria-hidden="true"><img id="no" src="/1.png"></p><img id="in" src="/2.png">`, "in"],
  ["one with the author's text", `<img id="in" src="/1.png" alt="A cat">`, "in"],
  ["a decorative one only if there is no other", `<img id="no" src="/1.png" alt=""><img id="in" src="/2.png">`, "in"],
  ["a decorative one", `<img id="in" src="/1.png" alt="">`, "in"],
  ["nothing", "<p>No images</p>", null],
];

for (const [name, html, expected] of IN_VIEW) {
  test(`the first in view: ${name}`, () => assert.equal(idAtHand(makePage(String(html))), expected));
}

test("focus inside a shadow root is followed", () => {
  const page = makePage('<img id="first" src="/1.png"><div id="host"></div>');
  const root = page.find("#host").attachShadow({ mode: "open" });
  root.innerHTML = '<a href="/x" id="inner"><img id="deep" src="/2.png"></a>';
  root.querySelector("#inner").focus();
  assert.equal(idAtHand(page), "deep");
});

test("the frames in view before the first image come before it, and no others", () => {
  const { document, names } = makePage(`
    <iframe id="early" data-box="0 0 100 100"></iframe>
    <img id="image" src="/1.png" data-box="0 200 100 100">
    <iframe id="late" data-box="0 400 100 100"></iframe>
    <iframe id="away" data-box="0 900 100 100"></iframe>`);
  const ids = () => firstInView(document, { names, shadowRootOf: openRootOf, view: VIEW }).map(({ id }) => id);
  assert.deepEqual(ids(), ["early", "image"]);
  document.querySelector("#image")?.setAttribute("alt", "");
  assert.deepEqual(ids(), ["early", "late", "image"]);
});

test("a frame under the pointer means what is in it, and not an image beside it", () => {
  const page = makePage('<p id="p"><img id="beside" src="/1.png"><iframe id="frame" data-box="0 0 100 100"></iframe></p>');
  const hovered = () => page.find("#frame");
  assert.equal(imageMeant(page.document, { shadowRootOf: openRootOf, hovered, activity: activityOf(page.document) }), null);
});

test("focus and selection count only where the focus is; the pointer always", () => {
  const page = makePage(PAGE);
  page.find("#link").focus();
  page.document.getSelection()?.selectAllChildren(page.find("p"));
  const options = { shadowRootOf: openRootOf, activity: activityOf(page.document), isEntered: false };
  const meant = (/** @type {Element | null} */ under) => imageMeant(page.document, { ...options, hovered: () => under });
  assert.equal(meant(null), null);
  assert.deepEqual([meant(page.find("#figure"))?.way, meant(page.find("#figure"))?.image.id], ["pointer", "in-figure"]);
});

test("what has the focus by the author's word, in a list that has it by the browser's", () => {
  const page = makePage(`
    <ul id="list" role="listbox" tabindex="0" aria-activedescendant="second">
      <li id="first" role="option"><img id="one" src="/1.png"></li>
      <li id="second" role="option"><img id="two" src="/2.png"></li>
    </ul>`);
  page.find("#list").focus();
  assert.equal(idAtHand(page), "two");
  page.find("#list").setAttribute("aria-activedescendant", "first");
  assert.equal(idAtHand(page), "one");
});

/** @param {string} html */
function active(html) {
  const page = makePage(html);
  let time = 0;
  let step = 1000;
  const activity = activityOf(page.document, () => (time += step));
  const tick = (/** @type {number} */ milliseconds) => void (step = milliseconds);
  const meant = (/** @type {string} */ under = "") => {
    const hovered = () => (under ? page.find(under) : null);
    const found = imageMeant(page.document, { shadowRootOf: openRootOf, hovered, activity });
    return found && [found.way, found.image.id];
  };
  /** Scroll to where the image found by `selector` lies `top` pixels below the view's edge. @param {string} selector @param {number} top */
  const scroll = (selector, top) => {
    const by = Number(page.find(selector).dataset.box.split(" ")[1]) - top;
    for (const one of page.document.querySelectorAll("[data-box]")) {
      const [left, from, ...size] = /** @type {HTMLElement} */ (one).dataset.box?.split(" ") ?? [];
      one.setAttribute("data-box", [left, Number(from) - by, ...size].join(" "));
    }
    page.document.documentElement.scrollTop += by;
    page.document.dispatchEvent(new page.window.Event("scrollend"));
  };
  return { ...page, last: activity.last, meant, scroll, tick };
}

test("where the caret was counts when it is taken away, while that is in view", async () => {
  const { document, find, meant } = active(PAGE);
  document.getSelection()?.collapse(find("p"), 0);
  await new Promise((resolve) => setTimeout(resolve, 5)); // jsdom tells of it later, as browsers do
  document.getSelection()?.removeAllRanges();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(meant(), ["activity", "second"]);
  find("#second").setAttribute("data-box", "0 900 100 100");
  assert.equal(meant(), null);
});

test("a page's own events are nobody's doing", () => {
  const { find, last } = active(PAGE);
  find("#second").dispatchEvent(new (find("#second").ownerDocument.defaultView.Event)("focusin", { bubbles: true }));
  find("#second").click();
  assert.equal(last(), null);
});

test("what has the focus is left behind once it is scrolled out of view", () => {
  const { find, meant, scroll } = active(PAGE);
  find("#link").focus();
  scroll("#in-link", 50);
  assert.deepEqual(meant(), ["focus", "in-link"]);
  scroll("#in-link", -200);
  assert.equal(meant(), null);
});

test("what no hand has scrolled exactly to the top is read, whatever has the focus or lies under the pointer", () => {
  const { find, meant, scroll } = active(PAGE);
  find("#link").focus();
  scroll("#second", 0);
  assert.deepEqual(meant("#figure"), ["reached", "second"]);
  scroll("#second", 10);
  assert.deepEqual(meant("#figure"), ["focus", "in-link"]);
  scroll("#second", 0);
  find("#button").focus();
  find("#link").focus();
  assert.deepEqual(meant("#figure"), ["focus", "in-link"]);
});

test("what lies at the top however the page is scrolled is not what was scrolled to", () => {
  const { find, meant, scroll } = active(`
    <header style="position: fixed"><img id="logo" src="/logo.png" width="100" height="50"></header>
    ${PAGE}`);
  find("#link").focus();
  scroll("#second", 10);
  assert.deepEqual(meant(), ["focus", "in-link"]);
  scroll("#second", 0);
  assert.deepEqual(meant(), ["reached", "second"]);
});

test("a scroll that comes with the focus leads to what has it", () => {
  const { find, meant, scroll, tick } = active(PAGE);
  tick(1);
  find("#link").focus();
  scroll("#second", 0);
  assert.deepEqual(meant(), ["focus", "in-link"]);
});

test("a pointer that rests does not mean what no hand has scrolled under it", () => {
  const { meant, scroll } = active(PAGE);
  assert.deepEqual(meant("#figure"), ["pointer", "in-figure"]);
  scroll("#second", 10);
  assert.equal(meant("#figure"), null);
});

test("a row of images that goes on by itself carries nobody along", () => {
  const { window, find, meant } = active(`<a id="link" href="/x"><img id="in-link" src="/3.png" data-box="0 300 100 100"></a>
    <div id="row" data-box="0 0 900 100"><img id="shown" src="/1.png" data-box="0 0 100 100"></div>`);
  find("#link").focus();
  find("#row").scrollLeft = 100;
  find("#row").dispatchEvent(new window.Event("scrollend"));
  assert.deepEqual(meant("#shown"), ["focus", "in-link"]);
});
