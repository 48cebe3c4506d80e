/** Which ARIA role an author gives to an element. */

/** The roles of https://www.w3.org/TR/wai-aria-1.2/ but for the abstract ones; `image` is from 1.3. */
const KNOWN = new Set(
  (
    "alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox " +
    "complementary contentinfo definition deletion dialog directory document emphasis feed figure form generic grid " +
    "gridcell group heading image img insertion link list listbox listitem log main marquee math menu menubar menuitem " +
    "menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio " +
    "radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong " +
    "subscript superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid " +
    "treeitem"
  ).split(" "),
);

/**
 * @param {Element} element
 * @returns {string} the first role of those given that there is; "" for none
 */
export function roleOf(element) {
  const given = element.getAttribute("role")?.toLowerCase().split(/\s+/);
  return given?.find((role) => KNOWN.has(role)) ?? "";
}
