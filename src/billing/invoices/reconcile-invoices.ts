import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { applyInvoice } from './apply-invoice.ts';
import { markAttempted, markSucceeded, selectToRead, selectToReconcile } from './invoices.queries.ts';
import type { ProviderName } from '../providers/index.ts';

/** Customers in ten minutes: 7,000 in a day. */
const MAX_PER_RUN = 50;
/**
 * Invoices of a customer that are read in a day, and failures among them, before the others are left to the next day.
 */
const MAX_READ = 200;
const MAX_FAILED = 20;
const DAY_MS = 86_400_000;
/** Older invoices are read again daily while they wait for a payment, and weekly afterwards. */
const CREATED_WITHIN_MS = 35 * DAY_MS;

interface Customer {
  organizationId: string;
  provider: ProviderName;
  customerId: string;
  lastAt: Date | null;
  unread: readonly string[] | null;
}

const storeAttempt = (ctx: Ctx, organizationId: string, mark: (q: Queries) => Statement) =>
  ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [mark(q)],
    result: undefined,
  });

/**
 * Reads invoices again, also the ones after a failure.
 * @returns the repaired ones, the ones that are left, and the failures of others
 */
async function readAgain(ctx: Ctx, { organizationId, provider }: Customer, ids: readonly string[]) {
  const repaired: string[] = [];
  const failed: string[] = [];
  const errors: unknown[] = [];
  let read = 0;
  for (; read < Math.min(ids.length, MAX_READ) && failed.length < MAX_FAILED; read++) {
    const id = ids[read]!;
    try {
      const applied = await applyInvoice(ctx, provider, id);
      if (applied?.hasChanged) repaired.push(applied.row.id);
    } catch (error) {
      failed.push(id);
      errors.push(error);
      ctx.log.warn('invoices.not_read', { organizationId, providerInvoiceId: id, error });
    }
  }
  return { repaired, unread: [...ids.slice(read), ...failed], errors };
}

/**
 * Ids at the provider of the due invoices of a customer: recent, unsettled and some older ones, and then those that
 * were left the day before.
 */
async function findDue(ctx: Ctx, customer: Customer, now: Date): Promise<string[]> {
  const { organizationId, provider, customerId, lastAt, unread } = customer;
  const [known] = await ctx.read((q) => [selectToRead(q, organizationId, lastAt, now)]);
  // Including invoices that were made while no reconciliation ran.
  const since = Math.min(now.getTime() - CREATED_WITHIN_MS, lastAt?.getTime() ?? 0);
  const recent = await ctx.ports.payments.of(provider, ctx.trace).listInvoices(customerId, since);
  const ofProvider = known.filter((row) => row.provider === provider).map((row) => row.providerInvoiceId);
  return [...new Set([...recent, ...ofProvider, ...(unread ?? [])])];
}

/** Reads the due invoices of a customer again. @returns whether any differed from the provider's */
async function reconcileCustomer(ctx: Ctx, customer: Customer): Promise<boolean> {
  const { organizationId } = customer;
  const now = new Date(ctx.clock.now());
  // Stored before anything can fail, so that other customers come before this one's next attempt.
  await storeAttempt(ctx, organizationId, (q) => markAttempted(q, organizationId, now));
  const due = await findDue(ctx, customer, now);
  const { repaired, unread, errors } = await readAgain(ctx, customer, due);
  await storeAttempt(ctx, organizationId, (q) => markSucceeded(q, organizationId, now, unread));
  if (repaired.length > 0) ctx.log.warn('invoices.repaired', { organizationId, invoices: repaired });
  if (errors.length > 0) throw errors[0];
  return repaired.length > 0;
}

/**
 * Scheduled every ten minutes: reads the invoices of each customer again once a day, repairs what webhooks missed, and
 * logs the repaired invoices. Each run continues after the one before; a customer that fails is tried again a day
 * later.
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
