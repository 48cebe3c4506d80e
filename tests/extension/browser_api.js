/** A small stand-in for the browser's extension interface, with the behaviour that the extension relies on. */

import { readFileSync } from "node:fs";

const MESSAGES = JSON.parse(readFileSync(new URL("../../extension/_locales/en/messages.json", import.meta.url), "utf8"));

/** A storage area: it keeps copies, as the browser does, and not the objects themselves. */
export function makeArea() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    /** @param {string | string[]} names */
    async get(names) {
      const wanted = [names].flat().filter((name) => kept.has(name));
      return Object.fromEntries(wanted.map((name) => [name, JSON.parse(kept.get(name) ?? "null")]));
    },
    /** @param {Record<string, unknown>} values */
    async set(values) {
      for (const [name, value] of Object.entries(values)) kept.set(name, JSON.stringify(value));
    },
    /** @param {string | string[]} names */
    async remove(names) {
      for (const name of [names].flat()) kept.delete(name);
    },
    names: () => [...kept.keys()],
    text: () => JSON.stringify([...kept]),
  };
}

/**
 * @param {object} [options]
 * @param {(question: any) => any} [options.native] the native host; throws where there is none
 * @param {(message: any) => any} [options.background] answers to runtime.sendMessage
 */
export function makeApi({ native = noHost, background = () => undefined } = {}) {
  /** @type {any[]} */
  const nativeAsked = [];
  const toolbar = { text: "", title: "" };
  const api = {
    storage: { local: makeArea(), session: makeArea() },
    runtime: {
      id: "altaloud",
      getURL: (/** @type {string} */ path) => `chrome-extension://altaloud/${path}`,
      async sendNativeMessage(/** @type {string} */ host, /** @type {any} */ question) {
        nativeAsked.push({ host, ...question });
        return native(question);
      },
      sendMessage: async (/** @type {any} */ message) => structuredClone(await background(message)),
      openOptionsPage: async () => undefined,
    },
    action: {
      setBadgeText: async ({ text = "" }) => void (toolbar.text = text),
      setBadgeBackgroundColor: async () => undefined,
      setTitle: async ({ title = "" }) => void (toolbar.title = title),
    },
    commands: {
      // By the alphabet, as Chromium has them.
      getAll: async () => [
        { name: "_execute_action", description: "", shortcut: "" },
        { name: "ask", description: "Ask", shortcut: "" },
        { name: "describe", description: "Describe", shortcut: "Alt+Shift+D" },
      ],
    },
    tabs: {
      query: async () => [{ id: 1, url: "https://shop.example/new", incognito: false }],
      sendMessage: async () => ({}),
    },
    windows: { getAll: async () => /** @type {any[]} */ ([]) },
    i18n: { getMessage },
  };
  return { api: /** @type {any} */ (api), nativeAsked, toolbar };
}

function noHost() {
  throw new Error("Specified native messaging host not found.");
}

/**
 * @param {string} key
 * @param {string[]} [substitutions]
 */
export function getMessage(key, substitutions = []) {
  const { message = "", placeholders = {} } = MESSAGES[key] ?? {};
  return message.replace(/\$(\w+)\$/g, (/** @type {string} */ _, /** @type {string} */ name) => {
    const place = Number(placeholders[name.toLowerCase()].content.slice(1));
    return substitutions[place - 1] ?? "";
  });
}
