/** The user's choices: defaults here, and only the differences from them in the browser's storage. */

import { DEFAULT_PORT, MODES } from "./constants.js";

const STORED_AS = "settings";

/** Kinds of images that a user may not want to hear of where they are mere illustrations; the helper's names. */
export const KINDS = Object.freeze(["photo", "text", "screenshot", "chart", "table", "logo", "icon"]);

/** The languages that words are made in. */
export const LANGUAGES = Object.freeze(["en", "de", "fr"]);

/** @typedef {import("./constants.js").Mode} Mode */

/**
 * @typedef {object} Settings
 * @property {Mode} mode what is done in pages, unless a site has a mode of its own
 * @property {Readonly<Record<string, Mode>>} siteModes by host name
 * @property {string} language BCP 47; "" leaves the choice to the helper
 * @property {"short" | "long"} detail of what is filled in, and of the describe key's first press
 * @property {boolean} hedges whether words say themselves that they are likely, and not sure
 * @property {number} smallestSide CSS pixels: smaller illustrations are not filled in; 0 for no limit
 * @property {readonly string[]} kindsOff of `KINDS`, those that are not filled in
 * @property {"helper" | "reader"} speech who speaks: the helper's own voice or the screen reader
 * @property {boolean} uselessAlts whether authors' texts that say nothing, such as file names, are replaced
 * @property {number} port where to look for the helper when pairing by code
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  mode: "fill",
  siteModes: Object.freeze({}),
  language: "",
  detail: "short",
  hedges: true,
  smallestSide: 0,
  kindsOff: Object.freeze([]),
  speech: "helper",
  uselessAlts: false,
  port: DEFAULT_PORT,
});

/** What each setting may be, where its type alone does not say. @type {Record<string, (value: any) => boolean>} */
const ALLOWED = {
  mode: isMode,
  siteModes: (modes) => modes !== null && !Array.isArray(modes) && Object.values(modes).every(isMode),
  language: (language) => language === "" || LANGUAGES.includes(language),
  detail: (detail) => ["short", "long"].includes(detail),
  smallestSide: (side) => Number.isInteger(side) && side >= 0 && side <= 1000,
  kindsOff: (kinds) => Array.isArray(kinds) && kinds.every((kind) => KINDS.includes(kind)),
  speech: (speaker) => ["helper", "reader"].includes(speaker),
  port: isPort,
};

/**
 * @typedef {object} Area what we need of `storage.local`
 * @property {(name: string) => Promise<Record<string, unknown>>} get
 * @property {(values: Record<string, unknown>) => Promise<void>} set
 * @property {(name: string) => Promise<void>} remove
 */

/**
 * @param {Area} area
 * @returns {Promise<Settings>}
 */
export async function readSettings(area) {
  const stored = /** @type {Partial<Settings>} */ ((await area.get(STORED_AS))[STORED_AS] ?? {});
  // What another version knew and this one does not is left where it is, and out of here.
  const known = Object.entries(stored).filter(([name]) => Object.hasOwn(DEFAULTS, name));
  return { ...DEFAULTS, ...Object.fromEntries(known) };
}

/**
 * @param {Area} area
 * @param {Partial<Settings>} changes
 * @returns {Promise<Settings>} as they are now
 * @throws {TypeError} for a setting that does not exist or has the wrong type: a typo must not pass silently
 */
export async function changeSettings(area, changes) {
  for (const [name, value] of Object.entries(changes)) check(name, value);
  const settings = { ...(await readSettings(area)), ...changes };
  const differences = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULTS[/** @type {keyof Settings} */ (name)]),
  );
  if (differences.length === 0) await area.remove(STORED_AS);
  else await area.set({ [STORED_AS]: Object.fromEntries(differences) });
  return settings;
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function check(name, value) {
  if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`there is no setting "${name}"`);
  const isRightType = typeof value === typeof DEFAULTS[/** @type {keyof Settings} */ (name)];
  if (!isRightType || ALLOWED[name]?.(value) === false) {
    throw new TypeError(`the setting "${name}" cannot be ${JSON.stringify(value)}`);
  }
}

/** @param {number} port */
export function isPort(port) {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** @param {unknown} value */
export function isMode(value) {
  return MODES.some((mode) => mode === value);
}

/**
 * @param {Pick<Settings, "mode" | "siteModes">} settings
 * @param {string | undefined} address of the page in the tab
 * @returns {Mode}
 */
export function modeAt({ mode, siteModes }, address) {
  return ownModeOf(siteModes, siteOf(address)) ?? mode;
}

/**
 * @param {Readonly<Record<string, Mode>>} siteModes
 * @param {string} site
 */
export function ownModeOf(siteModes, site) {
  return Object.hasOwn(siteModes, site) ? siteModes[site] : undefined;
}

/**
 * @param {Readonly<Record<string, Mode>>} siteModes
 * @param {string} site a host name
 * @param {Mode | ""} mode "" for none of its own
 */
export function withSite(siteModes, site, mode) {
  const others = Object.entries(siteModes).filter(([one]) => one !== site);
  return Object.fromEntries(mode === "" ? others : [...others, [site, mode]]);
}

/**
 * @param {string | undefined} address
 * @returns {string} the host name, or "" for a page that has none
 */
export function siteOf(address) {
  if (!address || !URL.canParse(address)) return "";
  const { protocol, hostname } = new URL(address);
  return /^https?:$/.test(protocol) ? hostname : "";
}
