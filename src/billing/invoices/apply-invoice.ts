import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { requestErrors, retryStale } from '../../kernel/core/index.ts';
import type { ProviderInvoiceRecord, ProviderName } from '../providers/index.ts';
import {
  changeInvoice,
  deleteDraft,
  insertInvoice,
  selectOrganizationOf,
  selectProviderInvoice,
} from './invoices.queries.ts';
import { invoiceEventsOf, invoiceId, type InvoiceRow, invoiceState, isSameState } from './invoices.rules.ts';

/** Each attempt reads the newest data; it fails only if another one changes the row at the same moment. */
const ATTEMPTS = 4;

export interface AppliedInvoice {
  row: InvoiceRow;
  truth: ProviderInvoiceRecord;
  /** Whether the row differed from the provider's invoice. */
  hasChanged: boolean;
}

async function buildRow(
  ctx: Ctx,
  { organizationId, provider }: { organizationId: string; provider: ProviderName },
  truth: ProviderInvoiceRecord,
  before: InvoiceRow | undefined,
): Promise<InvoiceRow> {
  return {
    ...invoiceState(truth),
    id: before?.id ?? (await invoiceId(provider, truth.invoice)),
    organizationId,
    provider,
    providerInvoiceId: truth.invoice.id,
    updatedAt: new Date(ctx.clock.now()),
    version: (before?.version ?? 0) + 1,
  };
}

/** Deletes an invoice that the provider has deleted, which happens only to drafts. */
async function forget(ctx: Ctx, row: InvoiceRow): Promise<void> {
  await ctx.commit({
    scope: systemScopeOf(row.organizationId),
    write: (q) => [deleteDraft(q, row)],
    skipIdempotencyRecord: true,
    result: undefined,
  });
}

/** Stores the row with the events of its changes, if the row is still as it was read. */
async function store(
  ctx: Ctx,
  row: InvoiceRow,
  truth: ProviderInvoiceRecord,
  before: InvoiceRow | undefined,
): Promise<void> {
  const { updatedAt } = row;
  await ctx.commit({
    // The organization is found by the provider's customer; the system records the provider's data.
    scope: systemScopeOf(row.organizationId),
    write: (q) => [
      before ? changeInvoice(q, before, { ...invoiceState(truth), updatedAt }) : insertInvoice(q, row),
    ],
    events: invoiceEventsOf(before, row),
    conflicts: { invoices_pkey: requestErrors.stale, invoices_provider_key: requestErrors.stale },
    skipIdempotencyRecord: true,
    result: undefined,
  });
}

async function findOwner(
  ctx: Ctx,
  provider: ProviderName,
  { invoice: { customerId } }: ProviderInvoiceRecord,
): Promise<string | undefined> {
  const [[owner]] = await ctx.read((q) => [selectOrganizationOf(q, provider, customerId)], systemScope);
  return owner?.organizationId;
}

/**
 * Stores one invoice as the provider has it. The row is read before the provider, and changed only if it was not
 * changed since: so of two attempts at once, the one with the newer data wins.
 */
async function applyOnce(
  ctx: Ctx,
  provider: ProviderName,
  providerInvoiceId: string,
): Promise<AppliedInvoice | undefined> {
  const [[before]] = await ctx.read(
    (q) => [selectProviderInvoice(q, provider, providerInvoiceId)],
    systemScope,
  );
  const truth = await ctx.ports.payments.of(provider, ctx.trace).readInvoice(providerInvoiceId);
  if (!truth) {
    if (before) await forget(ctx, before);
    return undefined;
  }
  const organizationId = before?.organizationId ?? (await findOwner(ctx, provider, truth));
  // The customer is not one of ours: the account at the provider is used for something else, too.
  if (organizationId === undefined) return undefined;
  const row = await buildRow(ctx, { organizationId, provider }, truth, before);
  if (before && isSameState(before, invoiceState(truth))) return { row: before, truth, hasChanged: false };
  await store(ctx, row, truth, before);
  return { row, truth, hasChanged: true };
}

/**
 * Reads an invoice at its provider and stores it, with the events of its changes. Repeating it changes nothing.
 * @returns undefined for an invoice that does not exist, or whose customer is not an organization
 * @throws AppError `billing.provider_unavailable`, `billing.not_configured`
 */
export const applyInvoice = (
  ctx: Ctx,
  provider: ProviderName,
  providerInvoiceId: string,
): Promise<AppliedInvoice | undefined> =>
  retryStale(ATTEMPTS, () => applyOnce(ctx, provider, providerInvoiceId));
