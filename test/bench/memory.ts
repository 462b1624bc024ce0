import autocannon from 'autocannon';
import { WebSocket } from 'ws';
import { liftLimits, serveProduct } from './kit/product.ts';
import type { BenchRow } from './kit/report.ts';

const CONCURRENT = 1_000;
const LIMIT_MEBIBYTES = 128;
const MEBIBYTE = 1024 * 1024;

interface Inspector {
  heapBytes(): Promise<number>;
  close(): void;
}

/** The isolate's own account of its heap, by the runtime's inspector. */
async function openInspector(url: string): Promise<Inspector> {
  const response = await fetch(`${url}/json`);
  const targets = await response.json<{ webSocketDebuggerUrl: string; title: string }[]>();
  const target = targets.find(({ title }) => title.includes('main')) ?? targets[0]!;
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  return {
    heapBytes: () =>
      new Promise((resolve) => {
        const id = ++last;
        const onMessage = (data: Buffer) => {
          const message = JSON.parse(data.toString()) as {
            id?: number;
            result?: { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number };
          };
          if (message.id !== id || !message.result) return;
          socket.off('message', onMessage);
          const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = message.result;
          resolve(usedSize + embedderHeapUsedSize + backingStorageSize);
        };
        socket.on('message', onMessage);
        socket.send(JSON.stringify({ id, method: 'Runtime.getHeapUsage' }));
      }),
    close: () => socket.close(),
  };
}

/** The most an isolate's heap holds while a thousand requests are under way, each with a read from the database. */
export async function benchMemory(): Promise<BenchRow[]> {
  const product = await serveProduct({ inspected: true });
  const inspector = await openInspector(product.inspectorUrl!);
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const idle = await inspector.heapBytes();
    let peak = 0;
    const stop = new AbortController();
    const sampling = (async () => {
      while (!stop.signal.aborted) {
        peak = Math.max(peak, await inspector.heapBytes());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const result = await autocannon({
      url: `${product.url}/api/v1/organizations/${organizationId}`,
      headers: { authorization: `Bearer ${token}` },
      connections: CONCURRENT,
      amount: CONCURRENT * 3,
      timeout: 60,
    });
    stop.abort();
    await sampling;
    const mebibytes = peak / MEBIBYTE;
    return [
      {
        what: `heap of an isolate under ${CONCURRENT} concurrent requests`,
        measured: `${mebibytes.toFixed(1)} MB (idle ${(idle / MEBIBYTE).toFixed(1)} MB; ${result['2xx']} answered 2xx, ${result.non2xx} refused)`,
        target: `< ${LIMIT_MEBIBYTES} MB`,
        holds: mebibytes < LIMIT_MEBIBYTES && result['2xx'] > 0,
        figures: { peakBytes: peak, idleBytes: idle, answered: result['2xx'], refused: result.non2xx },
      },
    ];
  } finally {
    inspector.close();
    await product.stop();
  }
}
