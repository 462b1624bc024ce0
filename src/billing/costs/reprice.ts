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
 * Applies the current prices again to usage since the start of a price: the next 5,000 records of its meter. Usage with
 * the right price stays as it is, so repeating it, even at the same time, changes nothing.
 * @throws AppError `prices.not_found`
 */
export async function reprice(ctx: Ctx, priceId: string, { continueFrom }: Reprice): Promise<RepricedView> {
  await getPrice(ctx, priceId);
  const after = continueFrom === undefined ? undefined : parsePosition(continueFrom);
  const now = new Date(ctx.clock.now());
  // It writes, but may run twice: so it is sent as a read, which returns the result.
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
