/** The toolbar button says how we stand with the helper, in a sign and in words. */

/** @typedef {import("../shared/constants.js").State} State */

const SIGN = Object.freeze({ connected: "", stopped: "!", unpaired: "?", stranger: "!" });

/**
 * @param {object} parts
 * @param {import("../shared/constants.js").Api} parts.api
 * @param {import("../shared/i18n.js").Translate} parts.t
 * @param {() => void} parts.onConnected called when the helper answers after it did not
 */
export function makeToolbar({ api, t, onConnected }) {
  return {
    /** @param {State} state */
    async show(state) {
      const stored = await api.storage.session.get("state");
      if (stored.state === state) return;
      await api.storage.session.set({ state });
      await api.action.setBadgeText({ text: SIGN[state] });
      await api.action.setBadgeBackgroundColor({ color: "#8a1c1c" });
      await api.action.setTitle({ title: titleFor(state, t) });
      if (state === "connected") onConnected();
    },
  };
}

/**
 * @param {State} state
 * @param {import("../shared/i18n.js").Translate} t
 */
function titleFor(state, t) {
  switch (state) {
    case "connected":
      return t("title_connected");
    case "stopped":
      return t("title_stopped");
    case "unpaired":
      return t("title_unpaired");
    case "stranger":
      return t("title_stranger");
  }
}
