import { withTexts } from "../shared/i18n.js";
import { openWelcome } from "./welcome.js";

const api = /** @type {any} */ (globalThis).browser ?? chrome;

void withTexts(api).then((own) => openWelcome(document, own));
