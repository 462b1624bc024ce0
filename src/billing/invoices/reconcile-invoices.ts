import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { applyInvoice } from './apply-invoice.ts';
import { markAttempted, selectToReconcile, selectUnsettled } from './invoices.queries.ts';
import type { ProviderName } from '../providers/index.ts';

/** In ten minutes: 7,000 in a day. */
const MAX_PER_RUN = 50;
const DAY_MS = 86_400_000;
/** Invoices that were created before are read again only while they wait for a payment. */
const CREATED_WITHIN_MS = 35 * DAY_MS;

interface Customer {
  organizationId: string;
  provider: ProviderName;
  customerId: string;
}

/** Stored before anything can fail: whatever happens, other customers come before this one's next attempt. */
const storeAttempt = (ctx: Ctx, organizationId: string): Promise<void> =>
  ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [markAttempted(q, organizationId, new Date(ctx.clock.now()))],
    result: undefined,
  });

/** Reads the recent and the unsettled invoices of a customer again. @returns whether any was not as the provider has it */
async function reconcileCustomer(
  ctx: Ctx,
  { organizationId, provider, customerId }: Customer,
): Promise<boolean> {
  await storeAttempt(ctx, organizationId);
  const since = ctx.clock.now() - CREATED_WITHIN_MS;
  const [unsettled] = await ctx.read((q) => [selectUnsettled(q, organizationId)]);
  const recent = await ctx.ports.payments.of(provider, ctx.trace).listInvoices(customerId, since);
  const ids = new Set([
    ...recent,
    ...unsettled.filter((row) => row.provider === provider).map((row) => row.providerInvoiceId),
  ]);
  const repaired: string[] = [];
  for (const id of ids) {
    const applied = await applyInvoice(ctx, provider, id);
    if (applied?.hasChanged) repaired.push(applied.row.id);
  }
  if (repaired.length > 0) ctx.log.warn('invoices.repaired', { organizationId, invoices: repaired });
  return repaired.length > 0;
}

/**
 * Scheduled every ten minutes: reads the invoices of each customer again once in a day, repairs what webhooks missed, and logs
 * which invoices it was. Each run continues where the one before ended; a customer that fails is attempted again a day later.
 * @returns how many customers had an invoice that was repaired, and how many failed
 */
export async function reconcileInvoices(services: Services): Promise<SweepOutcome> {
  if (services.ports.payments.names.length === 0) return { done: 0, failed: 0 };
  const before = new Date(services.clock.now() - DAY_MS);
  const [customers] = await services.database.read(systemScope, (q) => [
    selectToReconcile(q, before, MAX_PER_RUN),
  ]);
  return runSweep(services, 'invoices.reconcile', customers, reconcileCustomer);
}
