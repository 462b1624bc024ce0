const BEARER = /^bearer +([\x21-\x7e]+)$/i;

/** The token of an `Authorization` header: one word after the scheme, and nothing else. Undefined in any other case. */
export const readBearerToken = (authorization: string): string | undefined => BEARER.exec(authorization)?.[1];
