import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { isCommanded } from './commands.rules.ts';
import { isAbandoned, isPausedTooLong, type SubscriptionRow } from './state.rules.ts';
import { selectDue } from './subscriptions.queries.ts';
import { syncSubscription } from './sync-subscription.ts';

const MAX_PER_RUN = 100;

/** Reads the subscription again, so that changes by time follow from the provider's current data. */
async function advance(ctx: Ctx, row: SubscriptionRow, customerId: string): Promise<void> {
  const { provider, providerSubscriptionId: subscriptionId } = row;
  const ref = { provider, customerId, subscriptionId };
  const now = await syncSubscription(ctx, ref, { toResult: (after) => after });
  // A command that is running has priority; the next run sees its result.
  if (!now || isCommanded(now, ctx.clock.now())) return;
  const api = ctx.ports.payments.of(provider, ctx.trace);
  if (isAbandoned(now, ctx.clock.now()))
    await api.cancel(subscriptionId, { at: 'now', key: `abandoned/${row.id}` });
  else if (isPausedTooLong(now, ctx.clock.now())) {
    const key = `resumed/${row.id}/${now.resumesAt?.getTime()}`;
    await api.unpause(subscriptionId, { allowsUnpaid: true, key });
  } else return;
  await syncSubscription(ctx, ref, { toResult: () => undefined });
}

/**
 * Scheduled every five minutes: subscriptions whose grace has ended are restricted, those that have been restricted for 30 days are
 * cancelled, pauses end, and people are reminded of the end of a trial or of the grace. While the provider does not answer, nothing changes.
 */
export async function advanceSubscriptions(services: Services): Promise<SweepOutcome> {
  const { clock, database } = services;
  const [due] = await database.read(systemScope, (q) => [selectDue(q, new Date(clock.now()), MAX_PER_RUN)]);
  const items = due.map(({ subscription, customerId }) => ({ ...subscription, subscription, customerId }));
  return runSweep(services, 'subscriptions.advance', items, (ctx, { subscription, customerId }) =>
    advance(ctx, subscription, customerId),
  );
}
