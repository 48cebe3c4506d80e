import { openWelcome } from "./welcome.js";

void openWelcome(document, /** @type {any} */ (globalThis).browser ?? chrome);
