import { liftLimits, requestsPerSecond, serveProduct } from './product.ts';
import { alternate, median, type Row } from './report.ts';
import { serve } from './workerd.ts';

const ROUNDS = 5;

/** An authenticated, rate-limited answer that needs no database, against the least that Hono can do. */
export async function benchHotPath(): Promise<Row[]> {
  const bare = await serve({ entry: 'test/bench/worlds/bare.ts' });
  const product = await serveProduct();
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const headers = { authorization: `Bearer ${token}` };
    const whoAmI = () => requestsPerSecond(`${product.url}/api/v1/auth/whoami`, headers);
    const least = () => requestsPerSecond(`${bare.url}/bare`, {});
    await whoAmI();
    await least();
    const { a, b, ratio } = await alternate(ROUNDS, whoAmI, least);
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
