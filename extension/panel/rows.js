/** The list of images: one button each, which opens what can be done; arrow keys go from image to image. */

import { bringIntoView, makeQuestionForm, makeWordsForm, tell } from "../shared/forms.js";
import { wordsFor } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { paragraphsOf } from "../shared/paragraphs.js";
import { onPress } from "../shared/state_view.js";
import { makeThumbnails } from "./thumbnails.js";

/** @typedef {import("../content/listing.js").Item & {frame: number}} Listed */
/** @typedef {import("../shared/constants.js").Problem} Problem */

/**
 * @typedef {object} Row
 * @property {Listed} item
 * @property {HTMLElement} element
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} words
 * @property {HTMLElement} detail
 */

/** What cannot be written into a page by a user's wish: there the author has spoken. @type {ReadonlySet<string>} */
const ADDABLE = new Set(["described", "silent", "failed", "waiting"]);

/**
 * @param {Document} page
 * @param {object} parts
 * @param {HTMLElement} parts.list
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {() => chrome.tabs.Tab | null} parts.tab
 */
export function makeRows(page, { list, t, api, tab }) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const explain = (/** @type {Problem} */ problem) => wordsFor(problem, t);
  const thumbnails = makeThumbnails(page, { api, tab, tellImage, savesData: () => self.savesData });
  const self = { mode: /** @type {import("../shared/constants.js").Mode} */ ("fill"), savesData: false, show, open };

  /**
   * @param {Listed} item
   * @param {string} type
   * @param {object} [more]
   * @returns {Promise<any>}
   */
  async function tellImage({ id, frame }, type, more = {}) {
    try {
      return (await api.tabs.sendMessage(tab()?.id ?? -1, { type, id, ...more }, { frameId: frame })) ?? { gone: true };
    } catch {
      return { gone: true }; // The page has gone on.
    }
  }

  /** @param {any} answer @returns {any} */
  const orGone = (answer) => (answer.gone ? { problem: { state: "connected", message: t("list_gone"), advice: "" } } : answer);

  /** @param {Listed[]} items */
  function show(items) {
    const keys = new Set(items.map(keyOf));
    const focused = page.activeElement;
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      rows.delete(key);
    }
    items.forEach((item, index) => {
      const row = rows.get(keyOf(item)) ?? addRow(item);
      update(row, item, index + 1);
      if (list.children[index] !== row.element) list.insertBefore(row.element, list.children[index] ?? null);
    });
    // An element that is moved loses the focus, and one that is gone must not take it along.
    if (focused && focused !== page.activeElement && focused !== page.body) {
      if (focused.isConnected) /** @type {HTMLElement} */ (focused).focus();
      else list.querySelector("button")?.focus();
    }
  }

  /** @param {Listed} item */
  function addRow(item) {
    const element = page.createElement("li");
    const button = page.createElement("button");
    const words = page.createElement("span");
    const detail = page.createElement("div");
    button.type = "button";
    button.className = "image";
    button.setAttribute("aria-expanded", "false");
    words.dir = "auto";
    detail.hidden = true;
    const row = { item, element, button, words, detail };
    button.append(thumbnails.make(() => row.item), words);
    button.addEventListener("click", () => toggle(row, detail.hidden));
    button.addEventListener("keydown", (event) => onArrow(event, element));
    element.append(button, detail);
    rows.set(keyOf(item), row);
    return row;
  }

  /**
   * @param {Row} row
   * @param {Listed} item
   * @param {number} place
   */
  function update(row, item, place) {
    const wasState = row.item.state;
    row.item = item;
    const text = `${place}. ${wordsOf(item)}`;
    if (row.words.textContent !== text) row.words.textContent = text;
    row.words.lang = item.language || page.documentElement.lang;
    // What is being typed in it, or read, is not to be thrown away.
    if (wasState !== item.state && !row.detail.hidden && !row.detail.contains(page.activeElement)) fill(row);
  }

  /** @param {Listed} item */
  function wordsOf({ state, words, reason }) {
    switch (state) {
      case "authored":
        return t("panel_authored", words);
      case "decorative":
        return t("list_is_decorative");
      case "spoken-for":
        return t("list_spoken_for");
      case "silent":
        return reason || t("panel_nothing");
      case "failed":
        return t("list_failed", reason);
      case "pending":
        return t("panel_looking");
      case "waiting":
        return t("list_waiting");
      case "described":
        return t("list_described", words);
      case "done":
        return words;
    }
  }

  /**
   * @param {Row} row
   * @param {boolean} isOpen
   */
  function toggle(row, isOpen) {
    for (const other of rows.values()) {
      other.detail.hidden = true;
      other.button.setAttribute("aria-expanded", "false");
      other.detail.replaceChildren();
    }
    if (!isOpen) return;
    row.detail.hidden = false;
    row.button.setAttribute("aria-expanded", "true");
    fill(row);
  }

  /** What can be done about one image. @param {Row} row */
  function fill(row) {
    const told = page.createElement("div");
    told.setAttribute("role", "status");
    const space = page.createElement("div");
    const say = (/** @type {string} */ words) => tell(told, [{ words }], { isSpoken: false });
    const { words, descriptionId, state } = row.item;

    const buttons = [
      button(t("list_describe"), () => describe(row, told)),
      button(t("panel_ask"), async () => void open(row.item.frame, row.item.id, { asks: true })),
      button(t("list_go"), async () => void (await tellImage(row.item, MESSAGE.goTo, { mayChange: self.mode !== "private" }))),
    ];
    if (words) buttons.push(button(t("panel_copy"), async () => say(t((await copied(words)) ? "panel_copied" : "panel_not_copied"))));
    if (descriptionId) buttons.push(button(t("panel_own_words"), async () => ownWords(row, space, say)));
    if (words && ADDABLE.has(state) && self.mode !== "private") {
      buttons.push(button(t("list_add"), async () => {
        await tellImage(row.item, MESSAGE.addWords, { words: row.item.words });
        say(t("list_added"));
      }));
    }
    row.detail.replaceChildren(...buttons, space, told);
  }

  /**
   * @param {Row} row
   * @param {HTMLElement} told
   */
  async function describe(row, told) {
    tell(told, [{ words: t("panel_looking") }], { isSpoken: false });
    const { description, problem } = orGone(await tellImage(row.item, MESSAGE.describeImage));
    const paragraphs = problem ? explain(problem) : paragraphsOf(description, t, { atLength: true });
    tell(told, paragraphs, { isSpoken: (problem ?? description).spoken === true });
    bringIntoView(told, row.element);
  }

  /**
   * @param {Row} row
   * @param {HTMLElement} space
   * @param {(words: string) => void} say
   */
  function ownWords(row, space, say) {
    const { descriptionId, words } = row.item;
    const keep = (/** @type {string} */ alt) => api.runtime.sendMessage({ type: MESSAGE.correct, descriptionId, alt });
    const onKept = (/** @type {string} */ alt) => {
      void tellImage(row.item, MESSAGE.useWords, { words: alt });
      row.button.focus();
      space.replaceChildren();
      say(t("words_kept"));
    };
    const form = makeWordsForm(page, { t, words, keep, onKept, explain });
    space.replaceChildren(form.element);
    form.focus();
  }

  /**
   * @param {number} frame
   * @param {number} id
   * @param {{asks: boolean}} options
   * @returns {boolean} whether there is such an image
   */
  function open(frame, id, { asks }) {
    const row = rows.get(keyOf({ frame, id }));
    if (!row) return false;
    if (row.detail.hidden) toggle(row, true);
    row.button.focus();
    if (!asks) return true;
    const ask = async (/** @type {string} */ question) => orGone(await tellImage(row.item, MESSAGE.askImage, { question }));
    const form = makeQuestionForm(page, { t, ask, explain });
    row.detail.lastElementChild?.previousElementSibling?.replaceChildren(form.element);
    form.focus();
    return true;
  }

  /** @param {string} words */
  async function copied(words) {
    try {
      await page.defaultView?.navigator.clipboard.writeText(words);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * @param {string} label
   * @param {() => Promise<void>} work
   */
  function button(label, work) {
    const element = page.createElement("button");
    element.type = "button";
    element.textContent = label;
    onPress(element, work);
    return element;
  }

  return self;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} element
 */
function onArrow(event, element) {
  const siblings = [...(element.parentElement?.children ?? [])];
  const place = siblings.indexOf(element);
  const places = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: siblings.length - 1 };
  const to = siblings[places[/** @type {keyof typeof places} */ (event.key)] ?? -1];
  if (!to) return;
  event.preventDefault();
  to.querySelector("button")?.focus();
}

/** @param {{frame: number, id: number}} item */
function keyOf({ frame, id }) {
  return `${frame}.${id}`;
}
