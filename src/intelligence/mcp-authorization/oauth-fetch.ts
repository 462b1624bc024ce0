import type { FetchLike } from '@modelcontextprotocol/client';
import { utf8 } from '../../kernel/core/index.ts';
import type { Outgoing } from '../../platform/outgoing/index.ts';

const MAX_ANSWER_BYTES = 256 * 1024;
const TIME_LIMIT_MS = 10_000;

function textOf(body: RequestInit['body']): string | undefined {
  if (typeof body === 'string') return body;
  return body instanceof URLSearchParams ? body.toString() : undefined;
}

/** Requests to authorization servers through the guard of the addresses that customers give. */
export const createOAuthFetch =
  (outgoing: Outgoing): FetchLike =>
  async (url, init = {}) => {
    const text = textOf(init.body);
    const { status, headers, body } = await outgoing.fetch(String(url), {
      method: init.method === 'POST' ? 'POST' : 'GET',
      headers: new Headers(init.headers),
      ...(text === undefined ? {} : { body: utf8(text) }),
      maxAnswerBytes: MAX_ANSWER_BYTES,
      timeLimitMs: TIME_LIMIT_MS,
    });
    return new Response(status === 204 ? null : body, { status, headers });
  };
