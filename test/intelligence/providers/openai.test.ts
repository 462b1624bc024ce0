import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIMENSIONS, type MemoryEmbeddings } from '../../../src/intelligence/memory-search/index.ts';
import type { FailureKind } from '../../../src/intelligence/providers/index.ts';
import { createEmbeddings } from '../../../src/intelligence/providers/openai/index.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import type { Config } from '../../../src/kernel/config/index.ts';
import { createMemoryEmbeddings } from '../../../workers/ai-providers.ts';
import { type OpenAiFault, OpenAiStandIn } from '../../support/ai/openai-stand-in.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';

let server: Server;
let apiUrl: string;
beforeAll(async () => {
  server = createServer(() => undefined); // It takes requests, and answers none.
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const embed = (signal: AbortSignal) =>
  createEmbeddings({ provider: 'silent', apiUrl, secret: 'secret' }).embed(
    { model: 'words', texts: ['tea'], purpose: 'query' },
    signal,
  );

it('a provider that does not answer within the time of the caller has stalled', async () => {
  await expect(embed(AbortSignal.timeout(20))).rejects.toMatchObject({
    name: 'ProviderFailure',
    kind: 'stalled',
  });
});

it('what its caller ends for a reason ends with that reason', async () => {
  const reason = new Error('no longer needed');
  await expect(embed(AbortSignal.abort(reason))).rejects.toBe(reason);
});

describe('embeddings of OpenAI', () => {
  let standIn: OpenAiStandIn;
  let embeddings: MemoryEmbeddings;
  beforeAll(async () => {
    standIn = await new OpenAiStandIn().start();
    const settings = {
      MEMORY_EMBEDDINGS: 'openai',
      OPENAI_API_KEY: STAND_IN_KEY,
      OPENAI_API_URL: standIn.url,
    };
    embeddings = createMemoryEmbeddings(settings as unknown as Config, undefined)!;
  });
  afterAll(() => standIn.stop());
  const ask = () =>
    embeddings
      .of('org_1')
      .embed(
        { model: embeddings.model, texts: ['tea', 'milk'], purpose: 'query' },
        new AbortController().signal,
      );

  it('have as many numbers as the column of vectors, and a name of their own: vectors of two models never meet', async () => {
    const { vectors, inputTokens } = await ask();
    expect(vectors.map(({ length }) => length)).toEqual([DIMENSIONS, DIMENSIONS]);
    expect(inputTokens).toBe(7);
    expect(standIn.requests[0]!.body).toEqual({
      model: 'text-embedding-3-small',
      input: ['tea', 'milk'],
      encoding_format: 'float',
      dimensions: DIMENSIONS,
    });
    const speech = createMemoryEmbeddings(
      { MEMORY_EMBEDDINGS: 'speech' } as unknown as Config,
      createSpeechService({ url: 'http://127.0.0.1:1', secret: 'secret' }),
    );
    expect(speech!.model).not.toBe(embeddings.model);
  });

  const vector = (index: number) => ({ index, embedding: [1] });
  it.each<[OpenAiFault, FailureKind]>([
    [{ status: 429, headers: { 'retry-after': '7' }, body: '{}' }, 'busy'],
    [{ status: 529, body: '{}' }, 'overloaded'],
    [{ status: 200, body: '{"data":', isCut: true }, 'cut'],
    [{ status: 200, body: '{"data":' }, 'malformed'],
    [{ status: 200, body: JSON.stringify({ data: [vector(0)], usage: { prompt_tokens: 1 } }) }, 'malformed'],
    [
      { status: 200, body: JSON.stringify({ data: [vector(0), vector(1)], usage: { prompt_tokens: -1 } }) },
      'malformed',
    ],
    [{ status: 200, body: 'x'.repeat(17 * 1024 * 1024) }, 'too_large'],
  ])('fail as what they are', async (fault, kind) => {
    standIn.faults.push(fault);
    await expect(ask()).rejects.toMatchObject({ name: 'ProviderFailure', kind });
  });
});
