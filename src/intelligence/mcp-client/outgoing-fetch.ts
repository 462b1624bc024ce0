import { extractWWWAuthenticateParams, type FetchLike } from '@modelcontextprotocol/client';
import { AppError, utf8 } from '../../kernel/core/index.ts';
import type { Outgoing, OutgoingRequest } from '../../platform/outgoing/index.ts';

/** Most bytes of one answer of a server. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** How long one request may take, its answer included. */
export const REQUEST_LIMIT_MS = 30_000;
const WITHOUT_BODY: readonly number[] = [101, 204, 205, 304];

/** A server refuses a request without authorization, or without enough of it, and says what it needs. */
export class AuthorizationWanted extends Error {
  /** The address where the server describes its protection. */
  readonly resourceMetadataUrl: string | undefined;
  readonly scope: string | undefined;
  readonly isScopeMissing: boolean;

  constructor(answer: Response) {
    super(`the server answered ${answer.status}`);
    const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(answer);
    this.resourceMetadataUrl = resourceMetadataUrl?.href;
    this.scope = scope;
    this.isScopeMissing = answer.status === 403 && error === 'insufficient_scope';
  }
}

/**
 * A 403 that names no missing scope says nothing about the token: a firewall answers like that as well, so it ends no
 * consent.
 */
function wantsAuthorization(answer: Response): AuthorizationWanted | undefined {
  if (answer.status !== 401 && answer.status !== 403) return undefined;
  const wanted = new AuthorizationWanted(answer);
  return answer.status === 401 || wanted.isScopeMissing ? wanted : undefined;
}

export interface OutgoingFetch {
  fetch: FetchLike;
  /** What the server asked for in the last request. */
  wanted(): AuthorizationWanted | undefined;
  /** The refusal of the guard of addresses, which the library would wrap. */
  refusal(): AppError | undefined;
}

/**
 * Requests of the client library through the guard of the addresses that customers give. The optional stream for
 * announcements of the server is not opened; one that broke off is continued.
 */
export function createOutgoingFetch(outgoing: Outgoing): OutgoingFetch {
  let refused: AppError | undefined;
  let wanted: AuthorizationWanted | undefined;
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
    const received = new Response(WITHOUT_BODY.includes(status) ? null : body, {
      status,
      headers: answer.headers,
    });
    wanted = wantsAuthorization(received);
    return received;
  };
  return {
    refusal: () => refused,
    wanted: () => wanted,
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
