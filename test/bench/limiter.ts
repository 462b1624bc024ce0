import { compareSides, type Side } from './kit/compare.ts';
import { HttpLoad } from './kit/http-load.ts';
import { type BenchRow, describeComparison, figuresOf } from './kit/report.ts';
import { type ServedWorker, serveWorker } from './kit/workerd.ts';

const UNREACHED_LIMIT = 1_000_000_000;
/** Decisions in one request, so that the request counts for little. */
const LEASED_DECISIONS = 10_000;
const DIRECT_DECISIONS = 256;
const TARGET = 5;

const STORM = { isolates: 4, callers: 200, limit: 1_000, decisionsEach: 20 };

const serveLimiter = (replicas: number) =>
  serveWorker({ entry: 'test/bench/worlds/limiter.ts', objects: { ORG_LIMITER: 'OrgLimiter' }, replicas });

async function openSide(server: ServedWorker, path: 'leased' | 'direct', count: number): Promise<Side> {
  const url = `${server.url}/${path}?owner=${path}&limit=${UNREACHED_LIMIT}&count=${count}`;
  const load = await HttpLoad.open({ url, connections: 1 });
  return { pid: server.pid, run: async (milliseconds) => count * (await load.run(milliseconds)) };
}

/** Many callers over many isolates ask for more than the limit. @returns how many were admitted */
async function countAdmitted({ url, replicaUrls }: ServedWorker): Promise<number> {
  const urls = [url, ...replicaUrls];
  const callers = Array.from({ length: STORM.callers }, async (_, i) => {
    const query = `owner=storm&limit=${STORM.limit}&count=${STORM.decisionsEach}`;
    const response = await fetch(`${urls[i % urls.length]!}/leased?${query}`);
    return (await response.json<{ admitted: number }>()).admitted;
  });
  return (await Promise.all(callers)).reduce((sum, each) => sum + each, 0);
}

/** Strict limits at the edge: what a decision costs, and whether one too many ever gets through. */
export async function benchLimiter(): Promise<BenchRow[]> {
  const [leased, direct] = [await serveLimiter(STORM.isolates - 1), await serveLimiter(0)];
  try {
    const comparison = await compareSides(
      await openSide(leased, 'leased', LEASED_DECISIONS),
      await openSide(direct, 'direct', DIRECT_DECISIONS),
      { warmUpMs: 1_000 },
    );
    const admitted = await countAdmitted(leased);
    const over = Math.max(0, admitted - STORM.limit);
    return [
      {
        what: 'limiter decisions through leases / by one object call each',
        measured: describeComparison(comparison),
        target: `≥ ${TARGET}`,
        holds: comparison.cpu.median >= TARGET,
        figures: figuresOf(comparison),
        recorded: { name: 'limiter', value: comparison.cpu.median },
      },
      {
        what: `over-admissions, ${STORM.callers} concurrent callers over ${STORM.isolates} isolates`,
        measured: `${over} (${admitted} of ${STORM.callers * STORM.decisionsEach} admitted, limit ${STORM.limit})`,
        target: '0',
        holds: over === 0,
        figures: { over, admitted, limit: STORM.limit },
      },
    ];
  } finally {
    await leased.stop();
    await direct.stop();
  }
}
