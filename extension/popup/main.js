import { withTexts } from "../shared/i18n.js";
import { openPopup } from "./popup.js";

const api = /** @type {any} */ (globalThis).browser ?? chrome;

void withTexts(api).then((own) => openPopup(document, own));
