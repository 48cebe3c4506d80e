import assert from "node:assert/strict";
import { test } from "node:test";

import { findPictures, isPartOfControl, sourceOf } from "../../extension/content/find_images.js";
import { judge } from "../../extension/content/judge.js";
import { makePage } from "./dom.js";

const IMG = '<img id="it" src="/a.png">';

/** @type {[string, string, import("../../extension/content/judge.js").Verdict][]} */
const CASES = [
  ["an image with nothing", IMG, "needed"],
  ["alt is the author's word", '<img id="it" src="/a.png" alt="A cat">', "authored"],
  ["even a useless alt is the author's word", '<img id="it" src="/a.png" alt="IMG_1.jpg">', "authored"],
  ["an empty alt means decorative", '<img id="it" src="/a.png" alt="">', "decorative"],
  ["so does one of blanks", '<img id="it" src="/a.png" alt="  ">', "decorative"],
  ["role=presentation", '<img id="it" src="/a.png" role="presentation">', "decorative"],
  ["role=none", '<img id="it" src="/a.png" role="none">', "decorative"],
  ["role=NONE with a fallback", '<img id="it" src="/a.png" role="NONE img">', "decorative"],
  ["aria-label", '<img id="it" src="/a.png" aria-label="A cat">', "named"],
  ["an empty aria-label names nothing", '<img id="it" src="/a.png" aria-label=" ">', "needed"],
  ["aria-labelledby", `<p id="p">A cat</p><img id="it" src="/a.png" aria-labelledby="p">`, "named"],
  ["aria-labelledby that leads nowhere", '<img id="it" src="/a.png" aria-labelledby="nobody">', "needed"],
  ["title", '<img id="it" src="/a.png" title="A cat">', "named"],
  ["aria-hidden", '<img id="it" src="/a.png" aria-hidden="true">', "hidden"],
  ["aria-hidden=false hides nothing", '<img id="it" src="/a.png" aria-hidden="false">', "needed"],
  ["inside aria-hidden", `<div aria-hidden="true"><p>${IMG}</p></div>`, "hidden"],
  ["hidden", `<div hidden>${IMG}</div>`, "hidden"],
  ["display: none", `<div style="display: none">${IMG}</div>`, "hidden"],
  ["visibility: hidden", `<div style="visibility: hidden">${IMG}</div>`, "hidden"],
  ["visible again inside", `<div style="visibility: hidden"><b style="visibility: visible">${IMG}</b></div>`, "needed"],
  ["inert", `<div inert>${IMG}</div>`, "hidden"],
  ["alone in a link", `<a href="/b">${IMG}</a>`, "needed"],
  ["in a link that has words", `<a href="/b">${IMG} To the shop</a>`, "spoken-for"],
  ["in a link that has a label", `<a href="/b" aria-label="Shop">${IMG}</a>`, "spoken-for"],
  ["in a link that has a title", `<a href="/b" title="Shop">${IMG}</a>`, "spoken-for"],
  ["in an anchor that leads nowhere, beside words", `<a name="x">${IMG} words</a>`, "needed"],
  ["beside a named image in a link", `<a href="/b"><img src="/b.png" alt="Shop">${IMG}</a>`, "spoken-for"],
  ["alone in a button", `<button>${IMG}</button>`, "needed"],
  ["in a button that has words", `<button>${IMG} Buy</button>`, "spoken-for"],
  ["alone in role=button", `<div role="button" tabindex="0">${IMG}</div>`, "needed"],
  ["in role=button that has words", `<div role="button" tabindex="0"><span>Buy</span>${IMG}</div>`, "spoken-for"],
  ["alone in a tab", `<div role="tab">${IMG}</div>`, "needed"],
  ["part of a named drawing", `<div role="img" aria-label="A chart">${IMG}</div>`, "spoken-for"],
  ["part of an unnamed drawing", `<div role="img">${IMG}</div>`, "spoken-for"],
  ["in a figure with a caption", `<figure>${IMG}<figcaption>A cat</figcaption></figure>`, "needed"],
  ["beside text in a paragraph", `<p>See: ${IMG}</p>`, "needed"],
  ["a tracking pixel", '<img id="it" src="/a.gif" width="1" height="1">', "spacer"],
  ["a rule", '<img id="it" src="/a.gif" width="600" height="2">', "spacer"],
  ["a small icon", '<img id="it" src="/a.gif" width="12" height="12">', "needed"],
  ["no address", '<img id="it">', "empty"],
  ["an image button with nothing", '<input id="it" type="image" src="/a.png">', "needed"],
  ["an image button with alt", '<input id="it" type="image" src="/a.png" alt="Search">', "authored"],
  ["an image button with a label", '<input id="it" type="image" src="/a.png" aria-label="Search">', "named"],
  ["an image button with a title", '<input id="it" type="IMAGE" src="/a.png" title="Search">', "named"],
  ["an image of an image map", '<img id="it" src="/a.png" usemap="#m"><map name="m"></map>', "needed"],
  ["in a picture", '<picture><source srcset="/a.webp"><img id="it" src="/a.png"></picture>', "needed"],
  ["lazy", '<img id="it" src="/a.png" loading="lazy">', "needed"],
];

for (const [name, html, expected] of CASES) {
  test(`judge: ${name}`, () => {
    const { find, names } = makePage(html);
    assert.equal(judge(find("#it"), names), expected);
  });
}

/** @type {[string, boolean][]} */
const PARTS = [
  ['<button><svg id="it"><path/></svg></button>', true],
  ['<a href="/b"><i id="it" class="icon"></i></a>', true],
  ['<div role="button"><p><b id="it" role="img"></b></p></div>', true],
  ['<a href="/b"><button id="it"><i class="icon"></i></button></a>', false],
  ['<a href="/b"><img id="it" src="/a.png"></a>', false],
  ['<a><svg id="it"><path/></svg></a>', false],
];

for (const [html, expected] of PARTS) {
  test(`${html} is ${expected ? "" : "not "}left to the control, and judged alike`, () => {
    const { find, names } = makePage(html);
    assert.equal(isPartOfControl(find("#it")), expected);
    assert.equal(judge(find("#it"), names) === "needed" && expected, false);
  });
}

test("an image in a shadow root inherits what hides its host", () => {
  const { document, names } = makePage('<div id="host" aria-hidden="true"></div>');
  const root = /** @type {Element} */ (document.querySelector("#host")).attachShadow({ mode: "open" });
  root.innerHTML = IMG;
  const [image] = findPictures(root);
  assert.ok(image);
  assert.equal(judge(image, names), "hidden");
});

const INSIDE = [
  ["text", "<b>Close</b>", "named"],
  ["bare text", "Close", "named"],
  ["a label", '<i role="img" aria-label="Close"></i>', "named"],
  ["an image with a text", '<img src="/x.png" alt="Close">', "named"],
  ["a titled drawing", "<svg><title>Close</title></svg>", "named"],
  ["what a slot says by itself", "<slot>Close</slot>", "named"],
  ["nothing", "<slot></slot>", "needed"],
  ["what nobody reads", '<b aria-hidden="true">x</b><style>b { color: red }</style>', "needed"],
];

test("a control says what is put into its slots, and nothing in a host that is hidden from readers", () => {
  const { find, names } = makePage('<my-button><span id="host"></span></my-button><button id="icon"><span id="unread" aria-hidden="true"></span></button>');
  const root = find("my-button").attachShadow({ mode: "open" });
  root.innerHTML = "<button><svg><path/></svg><slot></slot></button>";
  assert.equal(judge(/** @type {Element} */ (root.querySelector("button")), names), "needed");
  find("#host").attachShadow({ mode: "open" }).innerHTML = "Close";
  assert.equal(judge(/** @type {Element} */ (root.querySelector("button")), names), "named");
  find("#unread").attachShadow({ mode: "open" }).innerHTML = "<b>close</b><svg><path/></svg>";
  find("#icon").insertAdjacentHTML("beforeend", "<svg><path/></svg>");
  assert.equal(judge(find("#icon"), names), "needed");
});

test("our own words in a shadow root are not the author's", () => {
  const { find, names } = makePage('<button id="it"><span id="host"></span></button>');
  const root = find("#host").attachShadow({ mode: "open" });
  root.innerHTML = '<img id="one" src="/1.png"><img id="two" src="/2.png" alt="ours">';
  const isOurs = (/** @type {Element} */ element) => element.id === "two";
  for (const id of ["one", "two"]) assert.equal(judge(/** @type {Element} */ (root.getElementById(id)), names, isOurs), "needed");
});

for (const [name = "", html = "", expected] of INSIDE) {
  test(`a button with ${name} in a shadow root is ${expected}`, () => {
    const { find, names } = makePage('<button id="it"><svg><path/></svg><span id="host"></span></button>');
    find("#host").attachShadow({ mode: "open" }).innerHTML = html;
    assert.equal(judge(find("#it"), names), expected);
  });
}

test("a box with a background is not named over what is in its shadow root", () => {
  const { find, names } = makePage('<div id="it" style="background-image: url(/b.png)"></div>');
  assert.equal(judge(find("#it"), names), "needed");
  find("#it").attachShadow({ mode: "open" }).innerHTML = "<p>A whole page</p>";
  assert.equal(judge(find("#it"), names), "named");
});

test("the label of an image button names it", () => {
  const { find, names } = makePage('<label for="it">Search</label><input id="it" type="image" src="/a.png" width="24" height="24">');
  assert.equal(judge(find("#it"), names), "named");
});

test("two unnamed images of one link are judged alike, also when the first has our words", () => {
  const { find, names } = makePage(`<a href="/b">${IMG}<img id="other" src="/b.png"></a>`);
  const first = find("#it");
  first.setAttribute("alt", "our words");
  const isOurs = (/** @type {Element} */ image) => image === first;
  assert.equal(judge(first, names, isOurs), "needed");
  assert.equal(judge(find("#other"), names, isOurs), "needed");
});

test("another source of a picture is another image, another density chosen by the browser is not", () => {
  const { find } = makePage('<picture><source srcset="/a.webp 1x, /a2.webp 2x"><img id="it" src="/a.png"></picture>');
  const before = sourceOf(find("#it"));
  assert.equal(sourceOf(find("#it")), before);
  find("source").setAttribute("srcset", "/b.webp");
  assert.notEqual(sourceOf(find("#it")), before);
});
