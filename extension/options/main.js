import { withTexts } from "../shared/i18n.js";
import { openOptions } from "./options.js";

const api = /** @type {any} */ (globalThis).browser ?? chrome;

void withTexts(api).then((own) => openOptions(document, own));
