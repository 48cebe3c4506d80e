import { openOptions } from "./options.js";

void openOptions(document, /** @type {any} */ (globalThis).browser ?? chrome);
