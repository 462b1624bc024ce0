import { type Comparison, compareSides, type Side } from './kit/compare.ts';
import { HttpLoad, type RepeatedRequest } from './kit/http-load.ts';
import { liftLimits, MEDIA_SETTINGS, serveProduct } from './kit/product.ts';
import { type BenchRow, describeComparison, figuresOf } from './kit/report.ts';
import { type ServedWorker, serveWorker } from './kit/workerd.ts';

const OPTIONS = { slices: 5 };
const TARGET = 3;
/** There and back, to a database in the same region. */
const REMOTE_ROUND_TRIP_MS = 5;

/** One call after the other. */
async function openSide({ pid }: ServedWorker, request: RepeatedRequest): Promise<Side> {
  const load = await HttpLoad.open({ ...request, connections: 1 });
  return { pid, run: (milliseconds) => load.run(milliseconds) };
}

interface ComparedCalls {
  /** Joining a room. */
  join: Side;
  /** A bare token and an empty round trip. */
  mint: Side;
  /** A bare token and a round trip that reads the room as its tenant. */
  mintForRoom: Side;
}

/** @param name of the figure in the history @param measure what counts: the work, or the time that it takes */
async function compareCalls(
  name: string,
  what: string,
  { join, mint }: { join: Side; mint: Side },
  measure: 'cpu' | 'wall',
): Promise<BenchRow> {
  const comparison: Comparison = await compareSides(mint, join, OPTIONS);
  const ratio = comparison[measure].median;
  return {
    what: `bare tokens with ${what} that cost as much as a place in a room, by ${measure === 'cpu' ? 'CPU' : 'wall'} time`,
    measured: describeComparison(comparison),
    target: `≤ ${TARGET}`,
    holds: ratio <= TARGET,
    figures: figuresOf(comparison),
    recorded: { name, value: ratio },
  };
}

/** Measures with a round trip of so many milliseconds to the database. */
async function withRoundTrip(
  roundTripMs: number,
  measure: (calls: ComparedCalls) => Promise<BenchRow[]>,
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
    const url = `${product.url}/api/v1/rooms/${id}/token`;
    return await measure({
      join: await openSide(product, { url, method: 'POST', headers, body: '{}' }),
      mint: await openSide(bare, { url: bare.url }),
      mintForRoom: await openSide(bare, { url: `${bare.url}/?organization=${organizationId}&room=${id}` }),
    });
  } finally {
    await bare.stop();
    await product.stop();
  }
}

/**
 * What a place in a room costs, against minting a token and asking the database once: with the database on this machine,
 * where the work counts, and as far away as a region's is, where the round trips count.
 */
export async function benchToken(): Promise<BenchRow[]> {
  const near = await withRoundTrip(0, async ({ join, mint, mintForRoom }) => [
    await compareCalls('token', 'a round trip that asks nothing', { join, mint }, 'cpu'),
    await compareCalls(
      'token-room',
      'a round trip that reads the room as its tenant',
      { join, mint: mintForRoom },
      'cpu',
    ),
  ]);
  const remote = await withRoundTrip(REMOTE_ROUND_TRIP_MS, async ({ join, mint }) => [
    await compareCalls(
      'token-remote',
      `a round trip that asks nothing, ${REMOTE_ROUND_TRIP_MS} ms away`,
      { join, mint },
      'wall',
    ),
  ]);
  return [...near, ...remote];
}
