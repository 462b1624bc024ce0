/**
 * Three parts in base64url without padding. The last holds the 64 bytes of a signature, whose final character has four bits
 * that mean nothing: only the spelling with zeros there is taken, so that a token has one spelling.
 */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]{85}[AQgw]$/;

/** Whether the text is a compact JWS in its only spelling; `jose` would also take padding and other last characters. */
export const isCompactJws = (text: string): boolean => COMPACT_JWS.test(text);
