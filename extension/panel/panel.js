/**
 * The panel beside a page: all its images, described or not and why, and what the keys answer where the page is
 * never changed. It follows the tab in front; opened as a window, it stays with one tab.
 */

import { tell } from "../shared/forms.js";
import { makeTranslate, translatePage } from "../shared/i18n.js";
import { MESSAGE } from "../shared/messages.js";
import { byId } from "../shared/state_view.js";
import { makeRows } from "./rows.js";

/** @typedef {import("./rows.js").Listed} Listed */

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
  /** The images of each frame, as it told of them last. @type {Map<number, Listed[]>} */
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
    const all = [...frames].sort(([one], [other]) => one - other).flatMap(([, images]) => images);
    const listed = all.filter(({ state }) => decorative.checked || state !== "decorative");
    const described = listed.filter(({ words }) => words !== "").length;
    byId(page, "count").textContent = listed.length === 0 ? t("no_images") : t("list_count", listed.length, described);
    rows.show(listed);
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
      frames.set(frame, message.images.map((/** @type {Listed} */ item) => ({ ...item, frame })));
      show();
      openWanted(frame);
      reply({ watching: true });
    }
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
