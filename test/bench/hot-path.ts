import { liftLimits, requestsPerSecond, serveProduct } from './product.ts';
import { runAlternating, median, type BenchRow } from './report.ts';
import { serveWorker } from './workerd.ts';

const ROUNDS = 5;

/** An authenticated, rate-limited answer that needs no database, against the least that Hono can do. */
export async function benchHotPath(): Promise<BenchRow[]> {
  const bare = await serveWorker({ entry: 'test/bench/worlds/bare.ts' });
  const product = await serveProduct();
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const headers = { authorization: `Bearer ${token}` };
    const measureWhoAmI = () => requestsPerSecond(`${product.url}/api/v1/auth/whoami`, headers);
    const measureBare = () => requestsPerSecond(`${bare.url}/bare`, {});
    await measureWhoAmI();
    await measureBare();
    const { a, b, ratio } = await runAlternating(ROUNDS, measureWhoAmI, measureBare);
    return [
      {
        what: 'authenticated + rate-limited GET without database / bare Hono handler',
        measured: `${ratio.toFixed(2)} (${Math.round(median(a))} / ${Math.round(median(b))} requests/s)`,
        target: '≥ 0.60',
        holds: ratio >= 0.6,
        figures: { product: a, bare: b, ratio },
      },
    ];
  } finally {
    await bare.stop();
    await product.stop();
  }
}
