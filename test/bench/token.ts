import { liftLimits, MEDIA, serveProduct } from './product.ts';
import { alternate, median, type Row } from './report.ts';
import { serve } from './workerd.ts';

const ROUNDS = 7;
const CALLS = 60;
const TARGET = 3;

/** The median of `CALLS` calls one after the other, in milliseconds. */
async function latency(url: string, init: RequestInit): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const startedAt = performance.now();
    const response = await fetch(url, init);
    await response.arrayBuffer();
    taken.push(performance.now() - startedAt);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  }
  return median(taken);
}

async function against(what: string, join: () => Promise<number>, mint: () => Promise<number>): Promise<Row> {
  const { a, b, ratio } = await alternate(ROUNDS, join, mint);
  return {
    what: `a place in a room / a bare token and ${what} (median latency)`,
    measured: `${ratio.toFixed(2)} (${median(a).toFixed(1)} / ${median(b).toFixed(1)} ms)`,
    target: `≤ ${TARGET}`,
    holds: ratio <= TARGET,
    figures: { join: a, mint: b, ratio },
  };
}

/** What a place in a room costs, against minting a token and asking the database once. */
export async function benchToken(): Promise<Row[]> {
  const product = await serveProduct();
  const { connectionString, url: endpoint } = product.database;
  const bare = await serve({
    entry: 'test/bench/worlds/token.ts',
    text: { ...MEDIA, DATABASE_URL: connectionString, NEON_LOCAL_ENDPOINT: endpoint },
  });
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const room = await fetch(`${product.url}/api/v1/rooms`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'Bench' }),
    });
    const { id } = await room.json<{ id: string }>();
    const join = () =>
      latency(`${product.url}/api/v1/rooms/${id}/token`, { method: 'POST', headers, body: '{}' });
    const askingNothing = () => latency(bare.url, {});
    const askingForTheRoom = () => latency(`${bare.url}/?organization=${organizationId}&room=${id}`, {});
    await join();
    await askingNothing();
    return [
      await against('one round trip that asks nothing', join, askingNothing),
      await against('one round trip that reads the room as its tenant', join, askingForTheRoom),
    ];
  } finally {
    await bare.stop();
    await product.stop();
  }
}
