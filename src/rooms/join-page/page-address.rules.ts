import { CODE_LENGTH, normalizeCode } from '../links/index.ts';

const PREFIX = '/join/';

/** The code in what people and mail programs made of it; empty when there is none. */
const readCode = (text: string): string => normalizeCode(text).slice(0, CODE_LENGTH);

/**
 * Where the page of a link is, when the code was written in another way. What follows the code was added behind it: all
 * codes have the same length.
 * @param text the code as it was received, without escapes
 * @returns undefined when the text is the code itself, or holds no whole code
 */
export function addressForCode(text: string): string | undefined {
  const code = readCode(text);
  return code === text || code.length < CODE_LENGTH ? undefined : PREFIX + code;
}

/** Where the page of a link is, for a path that no route has. @param path with its escapes: `/join/7M3K-9Q2X-W4HD/` */
export function addressForPath(path: string): string | undefined {
  const text = path.slice(PREFIX.length);
  const code = readCode(decodeEscapes(text));
  return code.length < CODE_LENGTH || path === PREFIX + code ? undefined : PREFIX + code;
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replaceAll(/%[0-9a-f]{0,2}/gi, ' '); // an escape that is cut off, or of another encoding
  }
}
