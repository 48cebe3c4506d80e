import js from "@eslint/js";
import globals from "globals";

const strict = {
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "object-shorthand": "error",
  "no-implicit-coercion": "error",
  "no-restricted-properties": [
    "error",
    { property: "innerHTML", message: "Text is text: use textContent." },
    { property: "outerHTML", message: "Text is text: use textContent." },
  ],
  "max-lines": ["error", 300],
  complexity: ["error", 15], // ESLint counts each `?.` and `??` too
  "no-console": ["error", { allow: ["error"] }],
};

/** @param {string} from @param {string} to */
const apart = (from, to) => ({
  files: [`extension/${from}/**/*.js`],
  rules: {
    "no-restricted-imports": ["error", { patterns: [{ group: [`**/${to}/**`], message: "Worlds speak by messages." }] }],
  },
});

export default [
  { ignores: ["**/node_modules/", "extension/content.bundle.js"] },
  js.configs.recommended,
  { rules: strict },
  { files: ["extension/**/*.js"], languageOptions: { globals: { ...globals.browser, chrome: "readonly" } } },
  { files: ["tests/**/*.js"], languageOptions: { globals: globals.node }, rules: { "no-restricted-properties": "off" } },
  apart("content", "background"),
  apart("background", "content"),
];
