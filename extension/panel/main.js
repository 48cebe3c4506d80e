import { openPanel } from "./panel.js";

openPanel(document, /** @type {any} */ (globalThis).browser ?? chrome);
