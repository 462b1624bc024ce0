import { runAlternating, median, type BenchRow } from './report.ts';
import { serveWorker } from './workerd.ts';

const ROUNDS = 5;
const UNREACHED_LIMIT = 10_000_000;
const LEASED_DECISIONS = 200_000;
const DIRECT_DECISIONS = 5_000;

const STORM = { isolates: 4, callers: 200, limit: 1_000, decisionsEach: 20 };

/** Strict limits at the edge: what a decision costs, and whether one too many ever gets through. */
export async function benchLimiter(): Promise<BenchRow[]> {
  const server = await serveWorker({
    entry: 'test/bench/worlds/limiter.ts',
    objects: { ORG_LIMITER: 'OrgLimiter' },
    replicas: STORM.isolates - 1,
  });
  const requestDecisions = async (
    url: string,
    path: string,
    owner: string,
    limit: number,
    count: number,
  ): Promise<number> => {
    const response = await fetch(`${url}/${path}?owner=${owner}&limit=${limit}&count=${count}`);
    return (await response.json<{ admitted: number }>()).admitted;
  };
  const decisionsPerSecond = async (path: string, count: number) => {
    const startedAt = performance.now();
    const admitted = await requestDecisions(server.url, path, path, UNREACHED_LIMIT, count);
    if (admitted !== count) throw new Error(`${path} admitted ${admitted} of ${count}`);
    return (count * 1000) / (performance.now() - startedAt);
  };
  const leased = () => decisionsPerSecond('leased', LEASED_DECISIONS);
  const direct = () => decisionsPerSecond('direct', DIRECT_DECISIONS);
  try {
    await leased();
    await direct();
    const { a, b, ratio } = await runAlternating(ROUNDS, leased, direct);
    const urls = [server.url, ...server.replicaUrls];
    const callers = Array.from({ length: STORM.callers }, (_, i) =>
      requestDecisions(urls[i % urls.length]!, 'leased', 'storm', STORM.limit, STORM.decisionsEach),
    );
    const admitted = (await Promise.all(callers)).reduce((sum, each) => sum + each, 0);
    const over = Math.max(0, admitted - STORM.limit);
    return [
      {
        what: 'limiter decisions/s through leases / by one object call each',
        measured: `${ratio.toFixed(1)}× (${Math.round(median(a))} / ${Math.round(median(b))})`,
        target: '≥ 5×',
        holds: ratio >= 5,
        figures: { leased: a, direct: b, ratio },
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
    await server.stop();
  }
}
