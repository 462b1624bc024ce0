import { createHash, randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { randomFrom } from '../../support/random.ts';
import { type ApiResponse, createApiClient } from './api-client.ts';
import { listProcessesMentioning } from './launch.ts';

/** Largest file, but one in fifty, which is of more than one part in the storage of objects. */
const MOST_BYTES = 400_000;
const LARGE_BYTES = 9 * 1024 * 1024;
const CHUNK_BYTES = 150_000;
const PARALLEL = 8;
/** Until a Worker that was killed answers again, on a busy machine. */
const RETRY_DELAYS = Array.from({ length: 150 }, (_, index) => Math.min(100 * 2 ** index, 1_000));

/** What is between a client and the product: each connection breaks after so many bytes, wherever it is then. */
async function openCuttingProxy(port: number, random: () => number) {
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const product = connect(port, '127.0.0.1');
    let left = 1 + Math.floor(random() * MOST_BYTES);
    const close = () => void [client, product].map((socket) => socket.destroy());
    for (const socket of [client, product]) {
      open.add(socket);
      socket.on('error', close).on('close', () => (open.delete(socket), close()));
    }
    product.pipe(client);
    client.on('data', (bytes: Buffer) => {
      const passed = bytes.subarray(0, Math.max(left, 0));
      const isCut = left > 0 && passed.length === left;
      left -= bytes.length;
      if (isCut) cuts++;
      product.write(passed, isCut ? close : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countCuts: () => cuts,
    close(): void {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Kills the processes of the runtime in which the Worker runs; `npm start` starts it again. */
export async function killRuntime(port: number): Promise<void> {
  const all = await listProcessesMentioning(`127.0.0.1:${port}`);
  const runtimes = all.filter(({ command }) => command.includes('workerd'));
  if (runtimes.length === 0) throw new Error('there is no runtime to kill');
  for (const { pid } of runtimes) process.kill(pid, 'SIGKILL');
}

/** Uploads by the standard client of the protocol. @returns the id of the file */
function upload(endpoint: string, token: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = new Upload(bytes, {
      endpoint: `${endpoint}/api/v1/uploads`,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS,
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: 'cut.bin' },
      // As clients do that are asked to come again later: its default gives up at 429.
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        return status === 0 || status === 409 || status === 429 || status >= 500;
      },
      onError: reject,
      onSuccess: () => resolve(sending.url!.split('/').at(-1)!),
    });
    sending.start();
  });
}

export interface CutUploadsOptions {
  /** Of the product. */
  port: number;
  operatorToken: string;
  count: number;
  /** How often the Worker is killed while uploads are under way. */
  kills: number;
}

/**
 * Uploads files of random sizes over connections that are cut at random bytes, while the Worker is killed and started again.
 * @returns how many files are whole, and what the organization holds by its plan beside what was sent
 */
export async function uploadOverCuts({ port, operatorToken, count, kills }: CutUploadsOptions) {
  const api = createApiClient(`http://127.0.0.1:${port}`);
  /** Requests that only look are repeated until the Worker answers again. */
  const read = async (path: string, options: { token: string }): Promise<ApiResponse> => {
    for (let left = RETRY_DELAYS.length; ; left--) {
      const answer = await api.send('GET', path, options).catch(() => undefined);
      if (answer && answer.status < 500) return answer;
      if (left === 0) throw new Error(`GET ${path} is not answered: ${answer?.status}`);
      await sleep(1_000);
    }
  };
  const email = `uploads-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
  const body = { email, password: 'violet-harbour-42-kites', name: 'Uploads' };
  const owner = (await api.send('POST', '/api/v1/auth/signup', { body })).body.accessToken as string;
  const { organizationId } = (await api.send('GET', '/api/v1/auth/whoami', { token: owner })).body;
  const key = { name: 'Uploads', scopes: ['write'], requestsPerMinute: 10_000 };
  const token = (await api.send('POST', '/api/v1/api-keys', { token: owner, body: key })).body
    .secret as string;
  await api.send('PUT', `/api/v1/operator/organizations/${organizationId}/limits`, {
    token: operatorToken,
    body: { limits: { api: 1_000_000, organization: 1_000_000, upload: 1_000_000 } },
  });
  const random = randomFrom(20_261);
  const proxy = await openCuttingProxy(port, random);
  const sizes = Array.from({ length: count }, (_, index) =>
    index % 50 === 49 ? LARGE_BYTES : 1 + Math.floor(random() * MOST_BYTES),
  );
  const sent = new Map<string, string>();
  let killed = 0;
  const waiting = [...sizes];
  const work = async () => {
    for (let size = waiting.pop(); size !== undefined; size = waiting.pop()) {
      const bytes = randomBytes(size);
      const id = await upload(proxy.url, token, bytes);
      sent.set(id, createHash('sha256').update(bytes).digest('hex'));
      if (killed < kills && sent.size >= ((killed + 1) * count) / (kills + 2)) {
        killed++;
        await killRuntime(port);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    proxy.close();
  }
  return {
    ...(await readHeld()),
    sentBytes: sizes.reduce((sum, size) => sum + size, 0),
    cuts: proxy.countCuts(),
    killed,
  };

  /** What is there, once uploads are given up whose creation was not answered. */
  async function readHeld() {
    let whole = 0;
    for (const [id, digest] of sent) {
      const { body: file } = await read(`/api/v1/files/${id}`, { token });
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/files/${id}/content`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (file.sizeBytes === bytes.length && createHash('sha256').update(bytes).digest('hex') === digest)
        whole++;
    }
    const { data: open } = (await read('/api/v1/uploads?limit=100', { token })).body;
    for (const { id } of open as { id: string }[])
      await api.send('DELETE', `/api/v1/uploads/${id}`, { token, headers: { 'tus-resumable': '1.0.0' } });
    const { limits } = (await read('/api/v1/billing/entitlements', { token })).body;
    const usedOf = (name: string): number =>
      limits.find((each: { name: string; used: number }) => each.name === name).used;
    return {
      whole,
      unanswered: open.length as number,
      heldBytes: usedOf('storage_bytes'),
      heldFiles: usedOf('files'),
    };
  }
}
