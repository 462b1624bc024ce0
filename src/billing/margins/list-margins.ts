import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { type Page, pageOf } from '../../kernel/core/index.ts';
import { presentAmount, presentMoney } from '../../kernel/money/index.ts';
import { presentSum, sumOf } from '../costs/index.ts';
import { resolvePeriod } from '../usage/index.ts';
import { type MarginRow, selectMargins } from './margins.queries.ts';
import { formatPosition, parsePosition } from './margins.rules.ts';
import type { ListMarginsQuery, MarginView } from './margins.schemas.ts';

const presentMargin = (row: MarginRow): MarginView => ({
  organizationId: row.organizationId,
  organizationName: row.organizationName,
  revenue: row.revenue.map(({ amount, currency }) => presentMoney(BigInt(amount), currency)),
  ...presentSum(sumOf(row)),
  unknownMeters: row.unknownMeters,
  margin: presentAmount(row.margin === null ? null : BigInt(row.margin)),
});

/**
 * The revenue and cost of each organization in a period, by margin. For operators.
 * @throws AppError `request.invalid` or `request.invalid_cursor`
 */
export async function listMargins(
  ctx: Ctx,
  { cursor, limit, first, ...query }: ListMarginsQuery,
): Promise<Page<MarginView>> {
  const period = resolvePeriod(query, ctx.clock.now());
  const after = parsePosition(cursor);
  const [{ rows }] = await ctx.read((q) => [selectMargins(q, period, { after, first, limit })], systemScope);
  const { data, nextCursor } = pageOf(rows, limit, formatPosition);
  return { data: data.map(presentMargin), nextCursor };
}
