"""What somebody with little sight could not make use of, found by the browser's own layout and colours.

Each script looks at `root`, a document or shadow root, and gives what is not as it should be, in words.
"""

import time

from end_to_end.browsers.browser import Tab, View

ENLARGED = View(width=320, height=256)  # a window of 1280 by 1024 pixels at 400 %
DARK = View(is_dark=True)
FORCED = View(has_forced_colors=True)
STILL = View(has_reduced_motion=True)

_LEAST_CONTRAST = 3  # of what shows where the focus is: WCAG 2.2, 1.4.11
_MOST_STOPS = 60
_SETTLING_SECONDS = 5.0

# Nothing reaches out of the page or out of what it stands in, to any side to which it could not be scrolled.
CUT_OFF = """(() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  const edges = (one) => one.getBoundingClientRect();
  const all = [...root.querySelectorAll("*")];
  const shown = all.filter((one) => one.checkVisibility() && edges(one).width > 0);
  const outside = shown.filter((one) => edges(one).left < -0.5 || edges(one).right > clientWidth + 0.5);
  const cut = shown.filter((one) => one.matches("button, label, p, h1, h2, h3, legend, li, dd, dt, div") &&
    one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline");
  const faults = [...outside, ...cut].map((one) => one.outerHTML.slice(0, 120));
  return WHOLE && scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide`, ...faults] : faults;
})()"""

# The focused element is in view with nothing over it, and a line around it stands out from what lies behind.
UNSEEN_FOCUS = """(() => {
  const one = root.activeElement;
  if (!one || one === document.body) return [];
  const box = one.getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
  const above = root.elementFromPoint(x, y);
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
  const probe = document.createElement("div");
  probe.style.cssText = "color: Canvas; position: absolute";
  document.body.append(probe);
  const holder = one.closest("[role=dialog]");
  const behind = getComputedStyle(holder ?? probe)[holder ? "backgroundColor" : "color"];
  probe.remove();
  const ground = behind.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b, opacity = 1] = color.match(/[\\d.]+/g).map(Number);
    const [red, green, blue] = [r, g, b]
      .map((part, index) => (opacity * part + (1 - opacity) * ground[index]) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, bright] = [light(outlineColor), light(behind)].sort((first, second) => first - second);
  const contrast = (bright + 0.05) / (dark + 0.05);
  const isSeen = above !== null && (one.contains(above) || above.contains(one));
  const faults = [
    isSeen && box.top > -box.height / 2 && box.bottom < innerHeight + box.height / 2 ? "" : "is not in view",
    outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 ? "" : "has no line around it",
    contrast >= LEAST ? "" : `has a line of ${outlineColor} on ${behind}`,
  ];
  return faults.filter(Boolean).map((fault) => `${one.outerHTML.slice(0, 120)} ${fault}`);
})()""".replace("LEAST", str(_LEAST_CONTRAST))

# In forced colours all is on one ground, and a shape without a border is gone.
SHAPELESS = """matchMedia("(forced-colors: active)").matches
  ? [...root.querySelectorAll("button, input, select, textarea, fieldset, [role=dialog]")]
    .filter((one) => one.checkVisibility() && !one.matches("[type=checkbox], [type=radio]"))
    .filter((one) => ["none", "hidden"].includes(getComputedStyle(one).borderTopStyle))
    .map((one) => one.outerHTML.slice(0, 120))
  : ["the colours are not forced"]"""

MOVING = """matchMedia("(prefers-reduced-motion: reduce)").matches
  ? [...root.querySelectorAll("*"), document.documentElement]
    .filter((one) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
      return animationName !== "none" || /[1-9]/.test(transitionDuration) || scrollBehavior === "smooth";
    }).map((one) => one.outerHTML.slice(0, 120))
  : ["the motion is not reduced"]"""


class Looking:
    """A page as it is seen with a view; with `host`, what stands in a closed shadow root in it."""

    def __init__(self, tab: Tab, view: View, host: str | None = None) -> None:
        self._tab = tab
        self._host = host
        tab.see_as(view)
        tab.wait_until(f"innerWidth === {view.width}")

    def faults(self, script: str) -> list[str]:
        """Return what the script finds that stays: browsers scroll, and change colours, a moment later."""
        until = time.monotonic() + _SETTLING_SECONDS
        while (found := self._evaluate(script)) and time.monotonic() < until:
            time.sleep(0.1)
        return found

    def _evaluate(self, script: str) -> list[str]:
        script = script.replace("WHOLE", "true" if self._host is None else "false")
        found: list[str] = (
            self._tab.evaluate(f"((root) => {script})(document)")
            if self._host is None
            else self._tab.evaluate_in(self._host, script)
        )
        return found

    def faults_of_stops(self) -> list[str]:
        """Press Tab through all of it; return where the focus cannot be seen."""
        found: list[str] = []
        seen: list[str] = []
        for _ in range(_MOST_STOPS):
            self._tab.press("Tab")
            stop = self._focused()
            if stop is None or stop in seen:
                break
            seen.append(stop)
            found += self.faults(UNSEEN_FOCUS)
        assert len(seen) > 1, f"the Tab key reaches {seen} only"
        return found

    def _focused(self) -> str | None:
        place = """(root.activeElement && root.activeElement !== document.body
          ? String([...root.querySelectorAll("*")].indexOf(root.activeElement)) : "")"""
        (found,) = self._evaluate(f"[{place}]")
        return found or None
