import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { getPrice } from '../prices/index.ts';
import { repriceUsage } from './costs.queries.ts';
import {
  formatPosition,
  parsePosition,
  type Reprice,
  REPRICE_BATCH,
  type RepricedView,
} from './reprice.schemas.ts';

/**
 * Prices usage again as the prices are now, from the start of a price on: the next 5,000 records of its meter. What is priced
 * right stays as it is, so that repeating it, also at the same time, changes nothing.
 * @throws AppError `prices.not_found`
 */
export async function reprice(ctx: Ctx, priceId: string, { continueFrom }: Reprice): Promise<RepricedView> {
  await getPrice(ctx, priceId);
  const after = continueFrom === undefined ? undefined : parsePosition(continueFrom);
  const now = new Date(ctx.clock.now());
  // It writes, and may run twice all the same: so it is sent as a read, whose answer says what was done.
  const [{ rows }] = await ctx.read(
    (q) => [repriceUsage(q, priceId, { after, most: REPRICE_BATCH, now })],
    systemScope,
  );
  const { examined, repriced, organizationId, occurredAt, usageId } = rows[0]!;
  const isDone = organizationId === null || occurredAt === null || usageId === null;
  return {
    examinedCount: examined,
    repricedCount: repriced,
    continueFrom: isDone ? null : formatPosition({ organizationId, occurredAt, usageId }),
  };
}
