/**
 * The panel beside a page: all its images, described or not and why, and what the keys answer where the page is
 * never changed. It follows the tab in front; opened as a window, it stays with one tab.
 */

import { tell } from "../shared/forms.js";
import { inReadingOrder } from "../shared/frame_order.js";
import { makeTranslate, translatePage } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { byId } from "../shared/state_view.js";
import { makeRows } from "./rows.js";

/** @typedef {import("./rows.js").Listed} Listed */
/** @typedef {{path: string, stops: (Listed | string)[]}} Frame as it told of itself last */

/**
 * @param {Document} page
 * @param {import("../shared/constants.js").Api} api
 */
export function openPanel(page, api) {
  const t = makeTranslate(api);
  translatePage(page, t);
  const wanted = new URL(page.URL).searchParams;
  const fixedTab = Number(wanted.get("tab")) || null;
  /** @type {chrome.tabs.Tab | null} */
  let tab = null;
  /** @type {Map<number, Frame>} */
  const frames = new Map();
  const decorative = /** @type {HTMLInputElement} */ (byId(page, "decorative"));
  const rows = makeRows(page, { list: byId(page, "images"), t, api, tab: () => tab });

  /** Begin anew: another tab, or another page in it. */
  async function watch() {
    const now = fixedTab ? await api.tabs.get(fixedTab) : (await api.tabs.query({ active: true, currentWindow: true }))[0];
    if (now?.id !== tab?.id) byId(page, "hand").replaceChildren();
    tab = now ?? null;
    frames.clear();
    show();
    if (tab?.id === undefined || tab === null) return;
    try {
      const state = await api.runtime.sendMessage({ type: MESSAGE.state, tab: { id: tab.id, url: tab.url, incognito: tab.incognito } });
      rows.mode = state?.mode;
      rows.savesData = state?.savesData === true;
      byId(page, "saving").hidden = !(state?.savesData && state.mode === "fill");
      await api.tabs.sendMessage(tab.id, { type: MESSAGE.watchImages });
    } catch {
      byId(page, "count").textContent = t("page_closed_to_us"); // Nobody there listens.
    }
  }

  function show() {
    const listed = allImages().filter(({ state }) => decorative.checked || state !== "decorative");
    const described = listed.filter(({ words }) => words !== "").length;
    byId(page, "count").textContent = listed.length === 0 ? t("no_images") : t("list_count", listed.length, described);
    rows.show(listed);
  }

  /** @returns {Listed[]} those of frames last to which none leads: it may not have told of itself yet */
  function allImages() {
    const all = [...frames].sort(([one], [other]) => one - other).map(([, frame]) => frame);
    const steps = [...inReadingOrder(all)];
    const unreached = all.filter((frame) => !steps.some(({ part }) => part === frame));
    const stops = [...steps.map(({ stop }) => stop), ...unreached.flatMap((frame) => frame.stops)];
    return stops.flatMap((stop) => (stop === undefined || typeof stop === "string" ? [] : stop));
  }

  /**
   * @param {number} id
   * @param {{path: string, images: (import("../content/listing.js").Item | string)[]}} told
   */
  function take(id, { path, images }) {
    const before = frames.get(id)?.stops ?? [];
    const stops = images.map((item) => (typeof item === "string" ? item : { ...item, frame: id }));
    frames.set(id, { path, stops });
    const inner = (/** @type {(Listed | string)[]} */ all) => all.filter((stop) => typeof stop === "string").join();
    if (inner(before) === inner(stops)) return;
    // One that has gone says nothing any more, and the others may stand elsewhere among them now.
    for (const frame of frames.keys()) if (frame !== id) void look(frame);
  }

  /** @param {number} frame that may have gone */
  async function look(frame) {
    const asked = tab;
    try {
      await api.tabs.sendMessage(tab?.id ?? -1, { type: MESSAGE.watchImages }, { frameId: frame });
    } catch {
      if (tab === asked && frames.delete(frame)) show();
    }
  }

  /**
   * @param {any} message
   * @param {chrome.runtime.MessageSender} sender
   * @param {(answer: unknown) => void} reply
   */
  function onMessage(message, sender, reply) {
    if (sender.id !== api.runtime.id || sender.tab?.id === undefined || sender.tab.id !== tab?.id) return false;
    if (message?.type === MESSAGE.images) {
      const frame = sender.frameId ?? 0;
      take(frame, message);
      show();
      openWanted(frame);
      reply({ watching: true });
    }
    if (message?.type === MESSAGE.frameCame) reply({ watching: true });
    if (message?.type === MESSAGE.show) {
      tell(byId(page, "hand"), message.paragraphs, { isSpoken: !message.aloud });
      // A live region is spoken only where there is a reader, and a page that is in view.
      reply({ spoken: page.visibilityState === "visible" });
    }
    return false;
  }

  /** The image for which this was opened, once. @param {number} frame */
  function openWanted(frame) {
    if (frame !== Number(wanted.get("frame")) || !wanted.has("image")) return;
    const isOpen = rows.open(frame, Number(wanted.get("image")), { asks: wanted.has("asks") });
    if (isOpen) wanted.delete("image");
  }

  api.runtime.onMessage.addListener(onMessage);
  api.tabs.onActivated.addListener(() => fixedTab === null && void watch());
  api.tabs.onUpdated.addListener((id, { status }) => {
    if (id === tab?.id && status === "complete") void watch();
  });
  decorative.addEventListener("change", show);
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && fixedTab !== null) page.defaultView?.close();
  });
  void watch();
}
