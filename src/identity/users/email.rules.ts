/** Bounds of an address in its canonical form, as mail servers count it (RFC 5321). */
const MAX_EMAIL_BYTES = 254;

/**
 * Before the `@`: what the common pattern for addresses takes, and characters, marks and digits of every script (RFC 6531). No dot
 * or mark begins it, no dot ends it, and no two dots stand side by side.
 */
const LOCAL_PART = /^(?![.\p{M}])(?!.*\.\.)[\p{L}\p{M}\p{N}_'+\-.]*[\p{L}\p{M}\p{N}_+-]$/u;
const ENTERED_DOMAIN = /^[\p{L}\p{M}\p{N}\-.。．｡·]+$/u;
const ASCII_DOMAIN = /^(?:[a-z0-9][a-z0-9-]*\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

/** Scripts with characters that look like those of another one: an address has characters of one of them at most. */
const LOOKALIKE_SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

const isPlain = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

/**
 * A domain in its one canonical form: lower case, each label of another script as its ASCII form (`xn--…`), so that a domain
 * that only looks like another one is seen to differ. Null for text that is no domain name.
 */
export function canonicalDomain(entered: string): string | null {
  if (!ENTERED_DOMAIN.test(entered)) return null;
  const lower = entered.toLowerCase();
  const ascii = isPlain(lower) ? lower : toAscii(lower);
  return ascii !== null && ASCII_DOMAIN.test(ascii) ? ascii : null;
}

/** By the mapping that browsers use (UTS 46). */
function toAscii(domain: string): string | null {
  const url = `http://${domain}/`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}

/** NFC and lower case until nothing changes: some capitals become characters with marks. */
function foldLocalPart(entered: string): string {
  const folded = entered.normalize('NFC').toLowerCase().normalize('NFC');
  return folded === entered ? folded : foldLocalPart(folded);
}

const mixesLookalikes = (text: string): boolean =>
  LOOKALIKE_SCRIPTS.filter((script) => script.test(text)).length > 1;

/**
 * The one form in which an address is stored, compared and written to; null for text that is no address. White space around it
 * is left out.
 */
export function canonicalEmail(entered: string): string | null {
  const text = entered.trim();
  const at = text.lastIndexOf('@');
  if (at < 1 || !text.isWellFormed()) return null;
  const local = foldLocalPart(text.slice(0, at));
  const domain = canonicalDomain(text.slice(at + 1));
  if (domain === null || !LOCAL_PART.test(local) || mixesLookalikes(local)) return null;
  const email = `${local}@${domain}`;
  return new TextEncoder().encode(email).length > MAX_EMAIL_BYTES ? null : email;
}
