import type { FetchLike } from '@modelcontextprotocol/client';
import { AppError, utf8 } from '../../kernel/core/index.ts';
import type { Outgoing, OutgoingRequest } from '../../platform/outgoing/index.ts';

/** Most bytes of one answer of a server. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** How long one request may take, its answer included. */
export const REQUEST_LIMIT_MS = 30_000;
const WITHOUT_BODY: readonly number[] = [101, 204, 205, 304];

export interface OutgoingFetch {
  fetch: FetchLike;
  /** What the guard of addresses has refused, which the library would wrap. */
  refusal(): AppError | undefined;
}

/**
 * Requests of the client library through the guard of the addresses that customers give. The stream that a server may keep
 * open for announcements is not asked for; one that broke off is continued.
 */
export function createOutgoingFetch(outgoing: Outgoing): OutgoingFetch {
  let refused: AppError | undefined;
  const send = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    const method = (init.method ?? 'GET') as OutgoingRequest['method'];
    if (method === 'GET' && !headers.has('last-event-id')) return new Response(null, { status: 405 });
    const { status, body, ...answer } = await outgoing.fetch(String(url), {
      method,
      headers,
      ...(typeof init.body === 'string' ? { body: utf8(init.body) } : {}),
      maxAnswerBytes: MAX_ANSWER_BYTES,
      timeLimitMs: REQUEST_LIMIT_MS,
    });
    return new Response(WITHOUT_BODY.includes(status) ? null : body, { status, headers: answer.headers });
  };
  return {
    refusal: () => refused,
    async fetch(url, init) {
      try {
        return await send(url, init);
      } catch (error) {
        if (error instanceof AppError) refused = error;
        throw error;
      }
    },
  };
}
