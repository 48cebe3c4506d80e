import { withTexts } from "../shared/i18n.js";
import { openPanel } from "./panel.js";

const api = /** @type {any} */ (globalThis).browser ?? chrome;

void withTexts(api).then((own) => openPanel(document, own));
