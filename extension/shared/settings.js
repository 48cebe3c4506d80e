/** The user's choices: defaults here, and only the differences from them in the browser's storage. */

import { DEFAULT_PORT } from "./constants.js";

const STORED_AS = "settings";

/**
 * @typedef {object} Settings
 * @property {boolean} fill write missing alternative texts into pages
 * @property {string} language BCP 47; "" leaves the choice to the helper
 * @property {readonly string[]} sitesOff host names that are left alone
 * @property {number} port where to look for the helper when pairing by code
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  fill: true,
  language: "",
  sitesOff: Object.freeze([]),
  port: DEFAULT_PORT,
});

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
  const stored = await area.get(STORED_AS);
  return { ...DEFAULTS, .../** @type {Partial<Settings>} */ (stored[STORED_AS] ?? {}) };
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
  const normal = DEFAULTS[/** @type {keyof Settings} */ (name)];
  if (typeof value !== typeof normal || Array.isArray(value) !== Array.isArray(normal)) {
    throw new TypeError(`the setting "${name}" cannot be ${JSON.stringify(value)}`);
  }
  if (name === "port" && !isPort(/** @type {number} */ (value))) throw new TypeError(`no port has the number ${value}`);
}

/** @param {number} port */
export function isPort(port) {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/**
 * @param {Settings} settings
 * @param {string | undefined} address of the page in the tab
 */
export function fillsIn(settings, address) {
  return settings.fill && !settings.sitesOff.includes(siteOf(address));
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
