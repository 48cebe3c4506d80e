/** The fields of a page of ours, each of which shows one setting and changes it. */

import { KINDS } from "./settings.js";

/** @typedef {import("./settings.js").Settings} Settings */

/** Fields whose id is the setting's name. */
const CHOICES = /** @type {const} */ (["language", "detail"]);
const NUMBERS = /** @type {const} */ (["smallestSide"]);
const SWITCHES = /** @type {const} */ (["hedges", "uselessAlts"]);
/** Groups of radio buttons whose name is the setting's. */
const GROUPS = /** @type {const} */ (["mode", "speech"]);

/**
 * @param {Document} page
 * @param {(changes: Partial<Settings>) => Promise<void>} change called with each choice as it is made
 */
export function makeFields(page, change) {
  const field = (/** @type {string} */ id) => /** @type {HTMLInputElement | null} */ (page.getElementById(id));
  const group = (/** @type {string} */ name) => /** @type {NodeListOf<HTMLInputElement>} */ (page.getElementsByName(name));

  /**
   * @param {string} name
   * @param {(field: HTMLInputElement) => unknown} value undefined: not to be kept
   */
  function bind(name, value) {
    field(name)?.addEventListener("change", () => {
      const chosen = value(/** @type {HTMLInputElement} */ (field(name)));
      if (chosen !== undefined) void change({ [name]: chosen });
    });
  }

  /**
   * @param {string} name
   * @param {(field: HTMLInputElement) => void} show
   */
  function put(name, show) {
    const found = field(name);
    if (found) show(found);
  }

  for (const name of CHOICES) bind(name, (one) => one.value);
  for (const name of SWITCHES) bind(name, (one) => one.checked);
  for (const name of NUMBERS) bind(name, (one) => (one.reportValidity() ? one.valueAsNumber : undefined));
  for (const name of GROUPS) {
    for (const radio of group(name)) radio.addEventListener("change", () => void change({ [name]: radio.value }));
  }
  for (const box of group("kinds")) {
    box.addEventListener("change", () => {
      const off = new Set([...group("kinds")].filter((one) => !one.checked).map((one) => one.value));
      void change({ kindsOff: KINDS.filter((kind) => off.has(kind)) });
    });
  }

  return {
    /** @param {Settings} settings */
    show(settings) {
      for (const name of [...CHOICES, ...NUMBERS]) put(name, (one) => (one.value = String(settings[name])));
      for (const name of SWITCHES) put(name, (one) => (one.checked = settings[name]));
      for (const name of GROUPS) for (const radio of group(name)) radio.checked = radio.value === settings[name];
      for (const box of group("kinds")) box.checked = !settings.kindsOff.includes(box.value);
    },
  };
}
