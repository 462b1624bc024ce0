import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddings } from '../../../src/intelligence/providers/openai/index.ts';

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
