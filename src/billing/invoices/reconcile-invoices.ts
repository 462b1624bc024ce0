import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { applyInvoice } from './apply-invoice.ts';
import { selectCustomers, selectUnsettled } from './invoices.queries.ts';
import type { ProviderName } from '../providers/index.ts';

const BATCH = 200;
const DAY_MS = 86_400_000;
/** Invoices that were created before are read again only while they wait for a payment. */
const CREATED_WITHIN_MS = 35 * DAY_MS;

interface Customer {
  organizationId: string;
  provider: ProviderName;
  customerId: string;
}

/** Reads the recent and the unsettled invoices of a customer again. @returns whether any was not as the provider has it */
async function reconcileCustomer(
  ctx: Ctx,
  { organizationId, provider, customerId }: Customer,
): Promise<boolean> {
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
 * Scheduled each day: repairs what webhooks missed, and logs which invoices it was.
 * @returns how many customers had an invoice that was repaired, and how many failed
 */
export async function reconcileInvoices(services: Services): Promise<SweepOutcome> {
  const total: SweepOutcome = { done: 0, failed: 0 };
  if (services.ports.payments.names.length === 0) return total;
  for (let after = '', isLast = false; !isLast;) {
    const [customers] = await services.database.read(systemScope, (q) => [selectCustomers(q, after, BATCH)]);
    const { done, failed } = await runSweep(services, 'invoices.reconcile', customers, reconcileCustomer);
    total.done += done;
    total.failed += failed;
    isLast = customers.length < BATCH;
    after = customers.at(-1)?.organizationId ?? after;
  }
  return total;
}
