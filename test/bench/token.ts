import { liftLimits, MEDIA_SETTINGS, serveProduct } from './product.ts';
import { runAlternating, median, type BenchRow } from './report.ts';
import { serveWorker } from './workerd.ts';

const ROUNDS = 7;
const CALLS = 60;
const WARM_UP_ROUNDS = 6;
const TARGET = 3;
/** There and back, to a database in the same region. */
const REMOTE_ROUND_TRIP_MS = 5;

/** The median of `CALLS` calls one after the other, in milliseconds. */
async function measureLatency(url: string, init: RequestInit): Promise<number> {
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

interface MeasuredCalls {
  /** A place in a room. */
  join(): Promise<number>;
  /** A bare token and a round trip that asks nothing. */
  mint(): Promise<number>;
  /** A bare token and a round trip that reads the room as its tenant. */
  mintForRoom(): Promise<number>;
}

async function compareCalls(
  what: string,
  join: MeasuredCalls['join'],
  mint: MeasuredCalls['mint'],
): Promise<BenchRow> {
  const { a, b, ratio } = await runAlternating(ROUNDS, join, mint);
  return {
    what: `a place in a room / a bare token and ${what}`,
    measured: `${ratio.toFixed(2)} (${median(a).toFixed(1)} / ${median(b).toFixed(1)} ms)`,
    target: `≤ ${TARGET}`,
    holds: ratio <= TARGET,
    figures: { join: a, mint: b, ratio },
  };
}

/** Measures with a database that is so far away, there and back. */
async function withRoundTrip(
  roundTripMs: number,
  measure: (calls: MeasuredCalls) => Promise<BenchRow[]>,
): Promise<BenchRow[]> {
  const product = await serveProduct({ roundTripMs });
  const { connectionString, url: endpoint } = product.database;
  const bare = await serveWorker({
    entry: 'test/bench/worlds/token.ts',
    text: { ...MEDIA_SETTINGS, DATABASE_URL: connectionString, NEON_LOCAL_ENDPOINT: endpoint },
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
    const calls: MeasuredCalls = {
      join: () =>
        measureLatency(`${product.url}/api/v1/rooms/${id}/token`, { method: 'POST', headers, body: '{}' }),
      mint: () => measureLatency(bare.url, {}),
      mintForRoom: () => measureLatency(`${bare.url}/?organization=${organizationId}&room=${id}`, {}),
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
export async function benchToken(): Promise<BenchRow[]> {
  const near = await withRoundTrip(0, async ({ join, mint, mintForRoom }) => [
    await compareCalls('a round trip that asks nothing', join, mint),
    await compareCalls('a round trip that reads the room as its tenant', join, mintForRoom),
  ]);
  const remote = await withRoundTrip(REMOTE_ROUND_TRIP_MS, async ({ join, mint }) => [
    await compareCalls(`a round trip that asks nothing, ${REMOTE_ROUND_TRIP_MS} ms away`, join, mint),
  ]);
  return [...near, ...remote];
}
