import { openPopup } from "./popup.js";

void openPopup(document, /** @type {any} */ (globalThis).browser ?? chrome);
