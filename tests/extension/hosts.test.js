import assert from "node:assert/strict";
import { test } from "node:test";

import { findHosts } from "../../extension/content/hosts.js";
import { makePage } from "./dom.js";

test("likely hosts are found without a look at each element", () => {
  const { document, find } = makePage(
    '<my-player id="a"><b id="no1"></b></my-player><div id="b">text</div><span></span><p><i>text</i></p><section><b slot="x"></b></section><img>',
  );
  const names = () => findHosts(document).map(({ localName }) => localName);
  assert.deepEqual(names().sort(), ["div", "my-player", "section", "span"]);
  assert.deepEqual(findHosts(find("section")).map(({ localName }) => localName), ["section"]);
});

test("hosts inside a shadow root are found from it", () => {
  const { find } = makePage('<div id="a"></div>');
  const root = find("#a").attachShadow({ mode: "open" });
  root.innerHTML = "<p>text</p><div><my-card></my-card></div>";
  assert.deepEqual(findHosts(root).map((/** @type {Element} */ { localName }) => localName), ["my-card"]);
});
