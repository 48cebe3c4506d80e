/**
 * Every message between the extension's worlds, in one table.
 *
 * A message is `{type, …}`; what follows `type` and what is answered stands beside each name.
 */

export const MESSAGE = Object.freeze({
  // A page's content script to the background.

  /**
   * {id, image: {url | bytes: Blob | data URL, crop?, inView?}, context, priority, detail, speak, byUser, canDraw, question?}
   * → {description} | {problem} | {resend: true} | {draw: string}; with a `question` {answer} and not {description}
   */
  describe: "describe",
  /** {url, byUser} → {sprite: string} | {}: the text of a file of drawings, of which the page shows one. */
  sprite: "sprite",
  /** {descriptionId, alt}: the user's own words → {alt} | {problem} */
  correct: "correct",
  /** {text, language} → {spoken}: aloud, if it is the helper who speaks */
  say: "say",
  /**
   * {page, questions: what `describe` takes, each} → {answers: [id, what `describe` answers][]}: those answers that
   * were not told by `answers` before. `page` is told back with them.
   */
  describeAll: "describe-all",
  /** {ids}: no answer is wanted any more. */
  cancel: "cancel",
  /** {priorities: [id, priority][]}: somebody is waiting for these now. */
  raise: "raise",
  /**
   * {} → {state, uselessAlts}: is it worth asking (again)? "off": nothing is to be filled in here; nobody was asked.
   * `uselessAlts`: whether authors' texts that say nothing are replaced.
   */
  isReady: "is-ready",

  // A page's content script to the panel beside it, if that is open, and to the background if it is not.

  /**
   * {path, images} → {watching}: all images of this frame, `Item` in `content/listing.js`, and the paths of the frames
   * between them.
   */
  images: "images",
  /** {} → {watching}: a frame has come, of which a panel may want to know. */
  frameCame: "frame-came",
  /** {paragraphs, aloud} → {spoken}: what the user asked for, where the page itself is never changed. */
  show: "show",
  // A page's content script to that of another document in the page, by way of the background.

  /** {frameId, message} → what that one answers; it is told who asks, as `from`. `message` is one of `PASSED`. */
  pass: "pass",
  /** {id, paragraphs, say, copyable, can} → {}: show it for a frame that is too small; `can`: {correct}, or null for nothing */
  showAbove: "show-above",
  /** {asks} → {}: go into what is shown for a frame; `asks`: to type a question. */
  enterAbove: "enter-above",
  /** {id, words} → {alt} | {problem} | {gone} */
  correctImage: "correct-image",

  // A page's content script to the background.

  /** {id, asks} → {}: show the panel for that image in a window; `asks`: to type a question. */
  openPanel: "open-panel",

  // The panel to a page's content script. All but the first name an image by {id}, and may be answered {gone}.

  /** {} → {}: tell of all images by `images`, now and whenever something changes, until it is not watched. */
  watchImages: "watch-images",
  /** → {description} | {problem} */
  describeImage: "describe-image",
  /** {question} → {answer} | {problem} */
  askImage: "ask-image",
  /** {words}: the user's own → {} */
  useWords: "use-words",
  /** {words} → {}: write them into the page. */
  addWords: "add-words",
  /** {mayChange} → {}: scroll there, and move the reading position. */
  goTo: "go-to",
  /** → {drawn: data URL} | {url} | {}; by {url, tab} from the panel to the background → {drawn} | {} */
  thumbnail: "thumbnail",

  // The background to a page's content script.

  /** {act} → `Survey` in `content/survey.js`: of each frame, when a key was pressed. */
  survey: "survey",
  /**
   * {act: "describe" | "ask" | "next", mode, id, place, count} → {}: describe that image, aloud and in text; or ask about
   * it; or go there and say its place among all. `id` is null where there is no image.
   */
  atHand: "at-hand",
  /** {givesFocus?} → {}: what the user asks for now is answered in another frame; or the panel above is closed. */
  closePanel: "close-panel",
  /** {}: give the page its own attributes back and leave it alone until told otherwise. */
  undo: "undo",
  /** {asked}: fill in missing texts (again). `asked`: by the user for this page, though it may be off elsewhere. */
  fill: "fill",
  /** {page, answers: [id, what `describe` answers][]} → {}: some of what was asked by `describeAll`. */
  answers: "answers",
  /** {}: the helper answers again. */
  ready: "ready",
  /** {} → {filling: boolean, written: number} */
  report: "report",

  // The toolbar button and the options page to the background.

  /** {tab: {id, url, incognito}} → `Overview` in `shared/state_view.js` */
  state: "state",
  /** {} → the same as `state`: pair through the native host, without a question. */
  connect: "connect",
  /** {code, port} → the same as `state` */
  pair: "pair",
  /** {} → the same as `state`: have the native host start the helper. */
  start: "start",
  /** {changes} → {settings} */
  changeSettings: "change-settings",
  /** {tab: {id, url, incognito}, mode} → {settings}: what is done on the tab's site; "" for what is done on all. */
  chooseSite: "choose-site",
  /** {tab: {id, url}} → {reached}: fill in this page, also where that is off. */
  fillTab: "fill-tab",
  /** {tab: {id, url}} → {reached}: give this page its own attributes back. */
  undoTab: "undo-tab",
});

/** What documents of a page may ask of each other: a frame of the page around all frames, and that one of a frame. */
export const PASSED = Object.freeze({
  up: new Set([MESSAGE.showAbove, MESSAGE.enterAbove, MESSAGE.closePanel]),
  down: new Set([MESSAGE.askImage, MESSAGE.correctImage, MESSAGE.closePanel]),
});

/** What only our own pages may ask for: a content script lives beside the page's own code. */
export const OWN_PAGES_ONLY = new Set([
  MESSAGE.state,
  MESSAGE.connect,
  MESSAGE.pair,
  MESSAGE.start,
  MESSAGE.changeSettings,
  MESSAGE.chooseSite,
  MESSAGE.fillTab,
  MESSAGE.undoTab,
  MESSAGE.thumbnail,
]);
