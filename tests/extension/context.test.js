import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { contextOf, fileNameOf } from "../../extension/content/context.js";
import { makePage } from "./dom.js";

const CONTRACT = JSON.parse(readFileSync(new URL("../contract/description.json", import.meta.url), "utf8"));

const nothing = {
  role: "image",
  href: null,
  link_text: null,
  title: null,
  caption: null,
  nearby: null,
  page_title: "Shop",
  page_language: "en",
  file_name: "a.png",
  width: 100,
  height: 100,
  background: "#ffffff",
};

/** @type {[string, string, Partial<import("../../extension/shared/constants.js").Context>][]} */
const CASES = [
  ["alone", '<img id="it" src="/img/a.png">', {}],
  [
    "in a link",
    '<a href="/shoes/red"><img id="it" src="/a.png"></a>',
    { role: "link", href: "/shoes/red" }, // the site is the page's own, and nothing to be told
  ],
  ["in a link to another site", '<a href="https://bank.example/pay"><img id="it" src="/a.png"></a>', {
    role: "link",
    href: "https://bank.example/pay",
  }],
  ["in a link to another site that begins alike", '<a href="https://shop.example.evil.example/pay"><img id="it" src="/a.png"></a>', {
    role: "link",
    href: "https://shop.example.evil.example/pay",
  }],
  ["in a link with words", '<a href="/s" title="T"><img id="it" src="/a.png"> Red  shoes</a>', {
    role: "link",
    href: "/s",
    link_text: "Red shoes",
    title: "T",
    nearby: "Red shoes",
  }],
  ["in a button", '<button><img id="it" src="/a.png"></button>', { role: "button" }],
  ["in a link that acts as a button", '<a href="#" role="button"><img id="it" src="/a.png"></a>', {
    role: "button",
  }],
  ["in a link to a place on the same page", '<a href="#more"><img id="it" src="/a.png"></a>', { role: "link" }],
  ["an image button", '<input id="it" type="image" src="/a.png">', { role: "button" }],
  ["in a figure", '<figure><img id="it" src="/a.png"><figcaption>Our <b>garden</b></figcaption></figure>', {
    caption: "Our garden",
    nearby: "Our garden",
  }],
  ["beside text", '<div><p>Before.</p><p>New this week <img id="it" src="/a.png"> in red</p></div>', {
    nearby: "Before. New this week in red",
  }],
  ["beside a script", '<p><script>secret()</script><img id="it" src="/a.png"></p>', {}],
  ["in a list: not the next item's text", '<ul><li><img id="it" src="/a.png"> One</li><li>Two</li></ul>', {
    nearby: "One",
  }],
  ["in another language", '<p lang="de-AT"><img id="it" src="/a.png"></p>', { page_language: "de-AT" }],
  ["with a title", '<img id="it" src="/a.png" title=" A  title ">', { title: "A title" }],
  ["on a colour", '<div style="background: #123456"><p><img id="it" src="/a.png"></p></div>', { background: "#123456" }],
  ["on half a colour", '<div style="background: #000"><p style="background: rgba(255, 255, 255, 0.5)"><img id="it" src="/a.png"></p></div>', {
    background: "#808080",
  }],
  ["on a picture", '<p style="background-image: url(/b.png)"><img id="it" src="/a.png"></p>', { background: null }],
  ["an icon button", '<a href="/cart"><svg id="no"><path d="M0 0"/></svg><b id="it" role="button"><svg><path d="M0 0"/></svg></b></a>', {
    role: "button",
    file_name: null,
  }],
  ["a link beside one with words to the same place", '<div><a href="/s"><img id="it" src="/a.png"></a><h3><a href="/s">Red shoes</a></h3></div>', {
    role: "link",
    href: "/s",
    link_text: "Red shoes",
    nearby: "Red shoes",
  }],
  ["sized", '<img id="it" src="/a.png" width="320" height="200">', { width: 320, height: 200 }],
];

for (const [name, html, expected] of CASES) {
  test(`context: ${name}`, () => {
    const { find } = makePage(html, { head: "<title>Shop</title>" });
    assert.deepEqual(contextOf(find("#it")), { ...nothing, ...expected });
  });
}

test("the context has exactly the contract's fields", () => {
  const { find } = makePage('<img id="it" src="/a.png">');
  assert.deepEqual(Object.keys(contextOf(find("#it"))), Object.keys(CONTRACT.request.context));
});

test("a page of one endless table cannot make a context long", () => {
  const { find } = makePage(`<div>${"<b>words</b> ".repeat(5000)}<img id="it" src="/a.png">${"x".repeat(1e6)}</div>`);
  const context = contextOf(find("#it"));
  assert.ok((context.nearby?.length ?? 0) <= 401);
});

/** @type {[string, string | null][]} */
const FILES = [
  ["https://shop.example/a/IMG_2041.jpg?x=1#y", "IMG_2041.jpg"],
  ["https://shop.example/a/r%C3%A9d%20shoe.png", "réd shoe.png"],
  ["https://shop.example/a/%E0%A4%A", "%E0%A4%A"],
  ["https://shop.example/", null],
  ["data:image/png;base64,AAAA", null],
  ["blob:https://shop.example/1", null],
  ["nonsense", null],
];

for (const [address, expected] of FILES) {
  test(`the file name of ${address}`, () => assert.equal(fileNameOf(address), expected));
}
