/** Whose an address is: what may be fetched for whom is decided by it alone, before anything is asked. */

/**
 * Addresses of this computer and of its own network. `URL` has brought every way of writing a number into one
 * form; a public name that leads to a private number is not to be seen from here.
 */
const PRIVATE_HOSTS = [
  /^(.*\.)?(localhost|local|internal|lan|home|home\.arpa|localdomain|intranet|private|corp|fritz\.box)$/,
  /^[^.:[]+$/, // a name without a dot
  /^(0|10|127)(\.\d+){3}$/,
  /^(192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(\.\d+){2}$/,
  // This computer, links and local networks; and every way to hide an IPv4 address in an IPv6 one.
  /^\[(::.*|f[cde].*|64:ff9b:.*|2002:.*)\]$/,
];

/**
 * @param {string} url
 * @param {string} page
 * @returns {boolean} whether the image belongs to the page's site, so that the page may know it anyway
 */
export function isOwn(url, page) {
  if (!URL.canParse(url)) return false;
  const image = new URL(url);
  if (image.protocol === "data:" || image.protocol === "blob:") return true;
  if (!URL.canParse(page)) return false;
  const { host, hostname, protocol } = new URL(page);
  if (!/^https?:$/.test(protocol) || !/^https?:$/.test(image.protocol)) return false;
  // Anybody on the way may have written an http page, and must not have what comes with cookies meant for https.
  if (protocol === "http:" && image.protocol === "https:") return false;
  // Cookies do not know ports; behind each port of one computer may be somebody else.
  if (isPrivate(page)) return image.host === host;
  // A page's subdomains are its own; its parent domain and its neighbours may be somebody else's.
  const site = hostname.replace(/^www\./, "");
  return image.hostname === hostname || image.hostname === site || image.hostname.endsWith(`.${site}`);
}

/**
 * @param {string} url
 * @returns {boolean} whether it is written as one of this computer or of its own network
 */
export function isPrivate(url) {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/\.+$/, "");
  return protocol === "file:" || (/^https?:$/.test(protocol) && PRIVATE_HOSTS.some((pattern) => pattern.test(host)));
}
