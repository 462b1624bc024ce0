import type { Ctx } from '../../kernel/context/index.ts';
import { sha256Hex } from '../../kernel/core/index.ts';
import type { Reply } from '../http/index.ts';

/** Callers may cache for this long, so they see a new deployment at most this much later. */
export const MAX_AGE_SECONDS = 300;

/** A response that is made once per isolate. */
export interface CachedResponse {
  content: string;
  type: string;
  headers: Record<string, string>;
}

/** The success of a route whose responses carry an `ETag`. */
export const notModified = { 304: { description: "The caller's cached copy is current." } };

export const toReply = ({ content, type, headers }: CachedResponse): Reply => ({
  status: 200,
  raw: { content, type },
  headers,
});

export const jsonResponse = (value: unknown): CachedResponse => ({
  content: JSON.stringify(value),
  type: 'application/json',
  headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` },
});

async function withEtag(response: CachedResponse): Promise<CachedResponse> {
  const etag = `"${(await sha256Hex(response.content)).slice(0, 32)}"`;
  return { ...response, headers: { ...response.headers, ETag: etag } };
}

/** The response with this name: made at its first use, kept as long as the isolate, with an `ETag`. */
export type ResponseCache = (
  ctx: Ctx,
  name: string,
  make: () => CachedResponse | Promise<CachedResponse>,
) => Promise<CachedResponse>;

export function createResponseCache(): ResponseCache {
  const responses = new Map<string, CachedResponse>();
  return async (ctx, name, make) => {
    const key = `${ctx.config.PUBLIC_URL} ${name}`;
    const cached = responses.get(key);
    if (cached) return cached;
    const created = await withEtag(await make());
    responses.set(key, created);
    return created;
  };
}
