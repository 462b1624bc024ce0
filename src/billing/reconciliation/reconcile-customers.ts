import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import type { ProviderName, ProviderSubscription } from '../providers/index.ts';
import { selectSubscriptions, type SubscriptionRow, syncSubscription } from '../subscriptions/index.ts';
import { insertRepair, markReconciliation, selectToReconcile } from './reconciliation.queries.ts';

const DAY_MS = 86_400_000;
/** Customers in ten minutes: 7,000 in a day. */
const MAX_PER_RUN = 50;
/** More subscriptions than any organization ever had. */
const MAX_SUBSCRIPTIONS = 500;

interface Customer {
  organizationId: string;
  provider: ProviderName;
  customerId: string;
}

/**
 * The ids of the subscriptions that may differ: those that have not ended on one side, and those that one side does not
 * know.
 */
function toCompare(rows: readonly SubscriptionRow[], truths: readonly ProviderSubscription[]): string[] {
  const ended = new Set(rows.filter((row) => row.endedAt !== null).map((row) => row.providerSubscriptionId));
  const listed = truths
    .filter(({ id, status }) => status !== 'cancelled' || !ended.has(id))
    .map(({ id }) => id);
  const lasting = rows.filter((row) => row.endedAt === null).map((row) => row.providerSubscriptionId);
  return [...new Set([...lasting, ...listed])];
}

const mark = (
  ctx: Ctx,
  organizationId: string,
  set: Parameters<typeof markReconciliation>[2],
): Promise<void> =>
  ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [markReconciliation(q, organizationId, set)],
    result: undefined,
  });

/** Stores a subscription as the provider has it, and records whether that repaired something. */
const repair = (
  ctx: Ctx,
  { organizationId, provider, customerId }: Customer,
  subscriptionId: string,
  at: Date,
) =>
  syncSubscription(
    ctx,
    { provider, customerId, subscriptionId },
    {
      toResult: () => undefined,
      alsoWrite: (q, { fields }) => [
        insertRepair(q, {
          id: ctx.ids.create('billingRepair'),
          organizationId,
          provider,
          objectId: subscriptionId,
          fields,
          repairedAt: at,
        }),
      ],
    },
  );

/** Compares the subscriptions of one customer with the provider's, and records repairs. */
async function reconcileCustomer(ctx: Ctx, customer: Customer): Promise<void> {
  const { organizationId, provider, customerId } = customer;
  const now = new Date(ctx.clock.now());
  // Stored before anything can fail, so that other customers come before this one's next attempt.
  await mark(ctx, organizationId, { attemptedAt: now });
  const truths = await ctx.ports.payments.of(provider, ctx.trace).listSubscriptions(customerId);
  const [rows] = await ctx.read(
    (q) => [selectSubscriptions(q, organizationId, provider, MAX_SUBSCRIPTIONS)],
    systemScope,
  );
  for (const subscriptionId of toCompare(rows, truths)) await repair(ctx, customer, subscriptionId, now);
  await mark(ctx, organizationId, { reconciledAt: now });
}

/**
 * Scheduled every ten minutes: compares each customer with its provider once a day, and makes up for lost reports. A
 * customer that fails is tried again after the others that wait.
 */
export async function reconcileCustomers(services: Services): Promise<SweepOutcome> {
  const { clock, database } = services;
  const before = new Date(clock.now() - DAY_MS);
  const [customers] = await database.read(systemScope, (q) => [selectToReconcile(q, before, MAX_PER_RUN)]);
  return runSweep(services, 'billing.reconcile', customers, (ctx, customer) =>
    reconcileCustomer(ctx, customer),
  );
}
