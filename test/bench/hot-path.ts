import { compareSides, type Side } from './kit/compare.ts';
import { HttpLoad, type RepeatedRequest } from './kit/http-load.ts';
import { withBusyLoops } from './kit/processes.ts';
import { liftLimits, serveProduct } from './kit/product.ts';
import { type BenchRow, createRatioRow, describeComparison, figuresOf } from './kit/report.ts';
import { serveWorker } from './kit/workerd.ts';

const TARGET = 0.65;
/** How far the ratio may move when the machine has other work. */
const MOVES_AT_MOST = 0.1;

async function openSide(
  { pid }: { pid: number },
  request: RepeatedRequest,
): Promise<Side & { close(): void }> {
  const load = await HttpLoad.open(request);
  return { pid, run: (milliseconds) => load.run(milliseconds), close: () => load.close() };
}

/**
 * An authenticated, rate-limited answer that needs no database, against a Hono handler that answers the same JSON: alone,
 * and beside a process on each core that computes without pause, which must not move the ratio.
 */
export async function benchHotPath(): Promise<BenchRow[]> {
  const bare = await serveWorker({ entry: 'test/bench/worlds/bare.ts' });
  const product = await serveProduct();
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const headers = { authorization: `Bearer ${token}` };
    const whoAmI = await openSide(product, { url: `${product.url}/api/v1/auth/whoami`, headers });
    const sameAnswer = await openSide(bare, { url: `${bare.url}/bare`, headers });
    const alone = await compareSides(whoAmI, sameAnswer);
    const beside = await withBusyLoops(() => compareSides(whoAmI, sameAnswer, { warmUpMs: 500 }));
    for (const side of [whoAmI, sameAnswer]) side.close();
    const moved = beside.cpu.median / alone.cpu.median - 1;
    return [
      createRatioRow(
        'hot-path',
        'authenticated + rate-limited GET without database / bare Hono handler with the same answer',
        alone,
        TARGET,
      ),
      {
        what: 'the same beside a busy loop on each core',
        measured: `${moved < 0 ? '−' : '+'}${Math.abs(moved * 100).toFixed(0)} %: ${describeComparison(beside)}`,
        target: `± ${MOVES_AT_MOST * 100} %`,
        holds: Math.abs(moved) <= MOVES_AT_MOST,
        figures: { ...figuresOf(beside), moved },
      },
    ];
  } finally {
    await bare.stop();
    await product.stop();
  }
}
