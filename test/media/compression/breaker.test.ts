import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createCompressionPorts } from '../../../workers/compression-service.ts';

/** How the stand-in answers what it is asked for; contents it takes, unless it is away. */
type Behaviour = 'is full' | 'is slow' | 'fails' | 'takes no content';
let behaviour: Behaviour;
/** Previews that it was asked for. */
let asked = 0;
let compression: NonNullable<ReturnType<typeof createCompressionPorts>['compression']>;
let url: string;

function answer(response: ServerResponse): void {
  asked++;
  if (behaviour === 'is slow') return;
  const [status, code] = behaviour === 'is full' ? [429, 'resource_exhausted'] : [500, 'internal'];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, message: behaviour }));
}

const server: Server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.method === 'POST') return answer(response);
    if (request.method === 'PUT' && behaviour === 'takes no content') return;
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  // Loaded by the first request otherwise, which takes longer than a shortened time limit.
  await Promise.all([
    import('@connectrpc/connect'),
    import('@connectrpc/connect-web'),
    import('../../../workers/compression/generated/auralink/aic/v1/objects_pb.js'),
  ]);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = 0;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 20));
  const config = { url, secret: 's'.repeat(32), fetchFor: () => fetch };
  compression = createCompressionPorts(config, { now: () => 0 }).compression!;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks for previews at once, and then for another. @returns why the last one failed */
async function askAfterMany(as: Behaviour): Promise<string> {
  behaviour = as;
  const ask = () =>
    compression
      .makeVideoPreview({ body: new Blob(['a video']).stream(), sizeBytes: 7, organizationId: 'org_1' })
      .then(() => 'made', String);
  await Promise.all(Array.from({ length: 10 }, ask));
  return ask();
}

it.each([
  ['is full', 'ServiceBusy'],
  ['is slow', 'ServiceExhausted'],
] as const)(
  'a service that %s with the contents of one organization still takes those of others: %s',
  async (as, failure) => {
    expect(await askAfterMany(as)).toContain(failure);
    expect(asked).toBe(11);
  },
);

it.each(['fails', 'takes no content'] as const)(
  'a service that %s is asked no more for a while',
  async (as) => {
    expect(await askAfterMany(as)).toContain('not available');
  },
);
