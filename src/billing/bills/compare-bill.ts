import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { resolvePeriod } from '../usage/index.ts';
import { readBillText, requireDistinctLines } from './bill-text.rules.ts';
import { billErrors } from './bills.errors.ts';
import { selectCounted } from './bills.queries.ts';
import { compareBillLines } from './bills.rules.ts';
import type { CompareBill, ComparedBillView } from './bills.schemas.ts';

/** Combinations of meter, model and region in a period. */
const MOST_COUNTED = 10_000;

/**
 * Compares a bill of a provider with the usage that was counted in its period. Nothing is stored, so it can be repeated
 * after a correction.
 * @throws AppError `request.invalid` for a bill that cannot be read, or `bills.too_much_usage`
 */
export async function compareBill(
  ctx: Ctx,
  { provider, from, to, lines, csv }: CompareBill,
): Promise<ComparedBillView> {
  const billed = lines ?? readBillText(csv ?? '');
  requireDistinctLines(billed);
  const period = resolvePeriod({ from, to }, ctx.clock.now());
  const meters = [...new Set(billed.map(({ meter }) => meter))];
  const [{ rows }] = await ctx.read(
    (q) => [selectCounted(q, { ...period, provider, meters }, MOST_COUNTED + 1)],
    systemScope,
  );
  if (rows.length > MOST_COUNTED) throw billErrors.tooMuchUsage();
  const usage = rows.map(({ meter, model, region, quantity, amount, known, unknown }) => ({
    meter,
    model,
    region,
    quantity: BigInt(quantity),
    amount: BigInt(amount),
    known: Number(known),
    unknown: Number(unknown),
  }));
  return compareBillLines(billed, usage);
}
