import { liftLimits, MEDIA, serveProduct } from './product.ts';
import { alternate, median, type Row } from './report.ts';
import { serve } from './workerd.ts';

const ROUNDS = 7;
const CALLS = 60;
const WARM_UP_ROUNDS = 6;
const TARGET = 3;
/** There and back, to a database in the same region. */
const AWAY_MS = 5;

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

interface Calls {
  /** A place in a room. */
  join(): Promise<number>;
  /** A bare token and a round trip that asks nothing. */
  mint(): Promise<number>;
  /** A bare token and a round trip that reads the room as its tenant. */
  mintForRoom(): Promise<number>;
}

async function against(what: string, join: Calls['join'], mint: Calls['mint']): Promise<Row> {
  const { a, b, ratio } = await alternate(ROUNDS, join, mint);
  return {
    what: `a place in a room / a bare token and ${what}`,
    measured: `${ratio.toFixed(2)} (${median(a).toFixed(1)} / ${median(b).toFixed(1)} ms)`,
    target: `≤ ${TARGET}`,
    holds: ratio <= TARGET,
    figures: { join: a, mint: b, ratio },
  };
}

/** Measures with a database that is so far away, there and back. */
async function over(roundTripMs: number, measure: (calls: Calls) => Promise<Row[]>): Promise<Row[]> {
  const product = await serveProduct({ roundTripMs });
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
    const calls: Calls = {
      join: () => latency(`${product.url}/api/v1/rooms/${id}/token`, { method: 'POST', headers, body: '{}' }),
      mint: () => latency(bare.url, {}),
      mintForRoom: () => latency(`${bare.url}/?organization=${organizationId}&room=${id}`, {}),
    };
    // A runtime is as fast as it gets after some hundred calls.
    for (let i = 0; i < WARM_UP_ROUNDS; i++) for (const call of Object.values(calls)) await call();
    return await measure(calls);
  } finally {
    await bare.stop();
    await product.stop();
  }
}

/**
 * What a place in a room costs, in median latency, against minting a token and asking the database once: with the
 * database on this machine, where the work counts, and as far away as a region's is, where the round trips count.
 */
export async function benchToken(): Promise<Row[]> {
  const near = await over(0, async ({ join, mint, mintForRoom }) => [
    await against('a round trip that asks nothing', join, mint),
    await against('a round trip that reads the room as its tenant', join, mintForRoom),
  ]);
  const away = await over(AWAY_MS, async ({ join, mint }) => [
    await against(`a round trip that asks nothing, ${AWAY_MS} ms away`, join, mint),
  ]);
  return [...near, ...away];
}
