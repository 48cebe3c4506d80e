// Pictures that are no <img>: which need words, where the words go, and where the pixels are.
import assert from "node:assert/strict";
import { test } from "node:test";

import { findPictures, wordsAttribute } from "../../extension/content/find_images.js";
import { judge } from "../../extension/content/judge.js";
import { showing } from "../../extension/content/showing.js";
import { wording } from "../../extension/content/wording.js";
import { makePage } from "./dom.js";

const SVG = '<svg width="24" height="24"><path d="M0 0h9v9z"/></svg>';
const BG = "background-image: url(/icon.png)";

/** @type {[string, string, import("../../extension/content/judge.js").Verdict][]} */
const CASES = [
  ["a drawing", '<svg id="it"><path d="M0 0h9v9z"/></svg>', "needed"],
  ["a drawing with a title", '<svg id="it"><title>A map</title><path d="M0 0"/></svg>', "named"],
  ["a drawing with an aria-label", '<svg id="it" aria-label="A map"><path d="M0 0"/></svg>', "named"],
  ["a drawing whose text can be read", '<svg id="it"><text>12 %</text></svg>', "named"],
  ["a drawing with a link in it", '<svg id="it"><a href="/x"><path d="M0 0"/></a></svg>', "named"],
  ["a drawing hidden from readers", '<svg id="it" aria-hidden="true"><path d="M0 0"/></svg>', "hidden"],
  ["a drawing as presentation", '<svg id="it" role="presentation"><path d="M0 0"/></svg>', "decorative"],
  ["an empty drawing", '<svg id="it"></svg>', "empty"],
  ["a small drawing beside words", '<p><svg id="it" width="16" height="16"><path d="M0 0"/></svg> 555 123</p>', "spoken-for"],
  ["a wide line", '<svg id="it" width="600" height="8"><path d="M0 0"/></svg>', "spacer"],
  ["a drawing in a button is the button's", `<button>${SVG.replace("<svg", '<svg id="it"')}</button>`, "spoken-for"],
  ["a button with a drawing", `<button id="it">${SVG}</button>`, "needed"],
  ["a button with a drawing that has a style", '<button id="it"><svg><style>.a{fill:red}</style><path class="a" d="M0 0"/></svg></button>', "needed"],
  ["a button with a hidden drawing", `<button id="it">${SVG.replace("<svg", '<svg aria-hidden="true"')}</button>`, "needed"],
  ["a button with a titled drawing", '<button id="it"><svg><title>Close</title><path d="M0 0"/></svg></button>', "named"],
  ["a button with a drawing and words", `<button id="it">${SVG} Close</button>`, "empty"],
  ["a button with words that are not shown", `<button id="it">${SVG}<span style="display: none">Close</span></button>`, "needed"],
  ["a labelled button", `<button id="it" aria-label="Close">${SVG}</button>`, "named"],
  ["a titled button", `<button id="it" title="Close">${SVG}</button>`, "named"],
  ["a labelled button by another element", `<b id="l">Close</b><button id="it" aria-labelledby="l">${SVG}</button>`, "named"],
  ["a button that a label names", `<label for="it">Close</label><button id="it">${SVG}</button>`, "named"],
  ["a button around a labelled part", `<button id="it">${SVG}<i aria-label="Close"></i></button>`, "named"],
  ["a button around a field with a value", `<button id="it">${SVG}<input value="5"></button>`, "named"],
  ["a button around a gauge", `<button id="it">${SVG}<i role="slider" aria-valuetext="Loud"></i></button>`, "named"],
  ["a button that owns words elsewhere", `<b id="l">Close</b><button id="it" aria-owns="l">${SVG}</button>`, "named"],
  ["a button of many parts", `<button id="it">${SVG.replace("<path", '<path d="M0 0"/>'.repeat(30) + "<path")}</button>`, "needed"],
  ["a hidden button", `<button id="it" aria-hidden="true">${SVG}</button>`, "hidden"],
  ["an inert button", `<div inert><button id="it">${SVG}</button></div>`, "hidden"],
  ["a link with a drawing", `<a id="it" href="/cart">${SVG}</a>`, "needed"],
  ["a link with an image that is decorative", '<a id="it" href="/cart"><img src="/cart.png" alt=""></a>', "needed"],
  ["the decorative image itself", '<a href="/cart"><img id="it" src="/cart.png" alt=""></a>', "decorative"],
  ["a link whose image takes the words", '<a id="it" href="/cart"><img src="/cart.png"></a>', "named"],
  ["a link with a named image", '<a id="it" href="/cart"><img src="/cart.png" alt="Cart"></a>', "named"],
  ["an empty link", '<a id="it" href="/cart"></a>', "empty"],
  ["a link with a background", `<a id="it" href="/cart" style="${BG}"></a>`, "needed"],
  ["a button with a background inside", `<button id="it"><span style="${BG}"></span></button>`, "needed"],
  ["a button that a tooltip in it names", `<button id="it"><span title="Close" style="${BG}"></span></button>`, "named"],
  ["a button with a tooltip that nobody reads", `<button id="it"><span aria-hidden="true" title="Close" style="${BG}"></span></button>`, "needed"],
  ["an input button with a background", `<input id="it" type="button" style="${BG}">`, "needed"],
  ["an input button with a value", `<input id="it" type="button" value="Go" style="${BG}">`, "named"],
  ["a button with a sign of an icon font", '<button id="it"><i class="fa">\uf00d</i></button>', "needed"],
  ["a button with a hidden ligature", '<button id="it"><i aria-hidden="true" style="font-family: Material Icons">close</i></button>', "needed"],
  ["a button with hidden words", '<button id="it"><i aria-hidden="true">close the window</i></button>', "empty"],
  ["a button with a hidden cross", '<button id="it"><span aria-hidden="true">×</span></button>', "needed"],
  ["role=img", `<div id="it" role="img" style="${BG}"></div>`, "needed"],
  ["role=img with a label", `<div id="it" role="img" aria-label="A cat" style="${BG}"></div>`, "named"],
  ["role=img with words, which nobody reads", '<div id="it" role="img">Three of five stars</div>', "needed"],
  ["role=img with an image", '<div id="it" role="img"><img src="/a.png"></div>', "needed"],
  ["role=img with nothing", '<div id="it" role="img"></div>', "empty"],
  ["a canvas", '<canvas id="it" width="200" height="100"></canvas>', "needed"],
  ["a canvas that says something", '<canvas id="it" width="200" height="100">A chart</canvas>', "named"],
  ["a poster", '<video id="it" poster="/p.jpg"></video>', "needed"],
  ["a labelled poster", '<video id="it" poster="/p.jpg" aria-label="Trailer"></video>', "named"],
  ["an area", '<img src="/m.png" usemap="#m"><map name="m"><area id="it" href="/x" coords="0,0,9,9"></map>', "needed"],
  ["an area with an empty alt is a link without a name", '<img src="/m.png" usemap="#m"><map name="m"><area id="it" alt="" href="/x" coords="0,0,9,9"></map>', "needed"],
  ["a named area", '<img src="/m.png" usemap="#m"><map name="m"><area id="it" alt="Oslo" href="/x" coords="0,0,9,9"></map>', "authored"],
  ["an area of a map that nobody uses", '<map name="m"><area id="it" href="/x" coords="0,0,9,9"></map>', "empty"],
  ["a background that carries content", `<div id="it" style="${BG}"></div>`, "needed"],
  ["a small background", `<div id="it" data-box="0 0 16 16" style="${BG}"></div>`, "spacer"],
  ["a background behind words", `<div id="it" style="${BG}">Words</div>`, "empty"],
  ["a backdrop of words beside it", `<div><div id="it" style="${BG}"></div><p>Welcome</p></div>`, "decorative"],
  ["a gradient", '<div id="it" style="background-image: linear-gradient(red, blue)"></div>', "empty"],
  ["a hidden background", `<div id="it" aria-hidden="true" style="${BG}"></div>`, "hidden"],
  ["an avatar beside a name", '<p class="author"><img id="it" class="avatar" src="/a.png" width="40" height="40"> Ada L.</p>', "spoken-for"],
  ["an avatar alone", '<p><img id="it" class="avatar" src="/a.png" width="40" height="40"></p>', "needed"],
  ["a large picture of a profile", '<p><img id="it" class="avatar" src="/a.png" width="400" height="400"> Ada L.</p>', "needed"],
];

for (const [name, html, expected] of CASES) {
  test(`judge: ${name}`, () => {
    const { find, names } = makePage(html);
    assert.equal(judge(find("#it"), names), expected);
  });
}

/** @type {[string, string, object][]} */
const SHOWN = [
  ["an image's file", '<img id="it" src="/a.png">', { url: "https://shop.example/a.png" }],
  ["a background's file", `<a id="it" href="/x" style="${BG}"></a>`, { url: "/icon.png" }],
  ["a poster's file", '<video id="it" poster="/p.jpg"></video>', { url: "https://shop.example/p.jpg" }],
  ["words that their role hides", '<div id="it" role="img"> Three  stars </div>', { words: "Three stars" }],
  ["a decorative image, of a link", '<a id="it" href="/x"><img src="/a.png" alt=""></a>', { url: "https://shop.example/a.png" }],
];

for (const [name, html, expected] of SHOWN) {
  test(`showing: ${name}`, () => {
    const { find } = makePage(html);
    const shown = showing(find("#it"));
    for (const [key, value] of Object.entries(expected)) assert.equal(/** @type {any} */ (shown)[key], value);
  });
}

test("an area shows its part of the image", () => {
  const { find } = makePage(
    '<img src="/m.png" width="200" height="100" usemap="#m"><map name="m"><area href="/x" shape="circle" coords="100,50,25"></map>',
  );
  assert.deepEqual(showing(find("area"))?.crop, { part: { left: 0.375, top: 0.25, right: 0.625, bottom: 0.75 } });
});

test("pictures are found in the order of the page, controls as a whole", () => {
  const { document } = makePage(
    `<p>Text <a href="/words">words</a></p><button id="a">${SVG}</button><img id="b" src="/b.png"><div id="c" style="${BG}"></div>` +
      `<div>no picture</div><span class="x"></span><svg id="d"><path d="M0 0"/></svg>`,
  );
  assert.deepEqual(findPictures(document).map(({ id }) => id), ["a", "b", "c", "d"]);
});

/** @type {[string, string, string, Record<string, string>][]} */
const WORDINGS = [
  ["an image", '<img id="it" src="/a.png">', "en", { alt: "words" }],
  ["a drawing", '<svg id="it"><path d="M0 0"/></svg>', "en", { "aria-label": "words", role: "img" }],
  ["a drawing with a role", '<svg id="it" role="img"><path d="M0 0"/></svg>', "en", { "aria-label": "words" }],
  ["a button", `<button id="it">${SVG}</button>`, "en", { "aria-label": "words" }],
  ["an image on a page in another language", '<p lang="de"><img id="it" src="/a.png"></p>', "en", { alt: "words", lang: "en" }],
  ["one of the same language", '<p lang="en-GB"><img id="it" src="/a.png"></p>', "en-US", { alt: "words" }],
  ["a button with a ligature keeps its language", '<p lang="de"><button id="it"><i>x</i></button></p>', "en", { "aria-label": "words" }],
];

for (const [name, html, language, expected] of WORDINGS) {
  test(`wording: ${name}`, () => {
    const { find } = makePage(html);
    assert.equal(wordsAttribute(find("#it")), Object.keys(expected)[0]);
    assert.deepEqual(wording(find("#it"), { alt: "words", language }), expected);
  });
}
