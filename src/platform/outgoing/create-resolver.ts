import { z } from '@hono/zod-openapi';
import type { Fetch } from '../observability/index.ts';
import type { Resolver } from './outgoing.ports.ts';
import { readBody } from './read-body.ts';

const MAX_ANSWER_BYTES = 65_536;
const RECORD_TYPES = { A: 1, AAAA: 28 } as const;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

/** An answer of DNS over HTTPS in JSON, as the public resolvers give it. */
const answerSchema = z.object({
  Status: z.int(),
  TC: z.boolean().optional(),
  Answer: z
    .array(z.object({ type: z.int(), data: z.string() }))
    .max(256)
    .default([]),
});

async function resolveType(
  endpoint: string,
  fetcher: Fetch,
  name: string,
  type: keyof typeof RECORD_TYPES,
  signal: AbortSignal,
): Promise<string[]> {
  const response = await fetcher(`${endpoint}?name=${encodeURIComponent(name)}&type=${type}`, {
    headers: { Accept: 'application/dns-json' },
    redirect: 'manual',
    signal,
  });
  const bytes = await readBody(response, MAX_ANSWER_BYTES);
  if (!response.ok || !bytes) throw new Error(`the resolver answered ${response.status}`);
  const answer = answerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (answer.Status === NO_SUCH_NAME) return [];
  if (answer.Status !== NO_ERROR || answer.TC)
    throw new Error(`the resolver answered with code ${answer.Status}`);
  // Names that the name is another name for are answered as well, with a type of their own.
  return answer.Answer.filter((record) => record.type === RECORD_TYPES[type]).map(({ data }) => data);
}

/**
 * Looks names up over HTTPS, because Workers have no other way to.
 * @param endpoint of a resolver that answers in JSON, such as `https://cloudflare-dns.com/dns-query`
 */
export function createResolver(endpoint: string, fetcher: Fetch = (url, init) => fetch(url, init)): Resolver {
  return {
    async resolve(name, signal) {
      const both = (['A', 'AAAA'] as const).map((type) => resolveType(endpoint, fetcher, name, type, signal));
      return (await Promise.all(both)).flat();
    },
  };
}
