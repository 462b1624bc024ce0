import type { TestApp } from '../support/app.ts';

export const BASE_URL = 'http://auralink.test';

/** What the network does with a request: the product never gets it, or its answer is lost, or another one is given. */
export type Mishap = 'unreached' | 'answer_lost' | Response;

/** The network between the SDK and the product: what happens to the next requests, and what was sent. */
export interface Network {
  fetch(request: Request): Promise<Response>;
  next: (Mishap | undefined)[];
  sent: { method: string; path: string; key: string | null }[];
}

export function createNetwork(app: TestApp): Network {
  const network: Network = {
    next: [],
    sent: [],
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const path = pathname + search;
      network.sent.push({ method: request.method, path, key: request.headers.get('idempotency-key') });
      const mishap = network.next.shift();
      if (mishap instanceof Response) return mishap;
      if (mishap === 'unreached') throw new TypeError('fetch failed');
      const raw = await request.text();
      const headers = Object.fromEntries(request.headers);
      const {
        status,
        headers: answered,
        body,
      } = await app.send(request.method, path, {
        headers,
        ...(raw === '' ? {} : { raw }),
      });
      if (mishap === 'answer_lost') throw new TypeError('fetch failed');
      const content = typeof body === 'string' ? body : JSON.stringify(body);
      return new Response(status === 204 ? null : content, { status, headers: answered });
    },
  };
  return network;
}
