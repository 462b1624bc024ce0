export interface MessageLink {
  text: string;
  url: string;
  /** The host as browsers resolve it, where the text does not show it in the same way. */
  host: string | undefined;
}

const CANDIDATES = /https:\/\/[^\s<>"'`\u201C\u201D]+/giu;
/** Punctuation of the sentence around a link. */
const TRAILING = /[.,;:!?)\]}\u3002\uFF0C]+$/u;

function readLink(text: string): MessageLink | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, href, host, username, password } = new URL(text);
  // A name before the host looks like another host.
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  const shown = /^https:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  return { text, url: href, host: shown.toLowerCase() === host ? undefined : host };
}

/** A message as text and links in their order. Only `https` becomes a link. */
export function splitLinks(message: string): (string | MessageLink)[] {
  const parts: (string | MessageLink)[] = [];
  let end = 0;
  for (const { 0: found, index } of message.matchAll(CANDIDATES)) {
    const text = found.replace(TRAILING, '');
    const link = readLink(text);
    if (!link) continue;
    if (index > end) parts.push(message.slice(end, index));
    parts.push(link);
    end = index + text.length;
  }
  if (end < message.length) parts.push(message.slice(end));
  return parts;
}
