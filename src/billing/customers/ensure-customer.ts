import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import type { PaymentProvider } from '../providers/index.ts';
import { type BillingCustomer, upsertCustomer } from './customers.queries.ts';

/**
 * The customer of the organization at its provider. It is created and stored at the first checkout, and again when the
 * provider no longer has it. A step of a verb that has checked the authority.
 * @param known the stored customer
 * @throws AppError of the provider
 */
export async function ensureCustomer(
  ctx: Ctx,
  api: PaymentProvider,
  known: BillingCustomer | undefined,
  { name, email }: { name: string; email: string | null },
): Promise<Pick<BillingCustomer, 'customerId' | 'version' | 'checkoutId'>> {
  const { organizationId } = ctx;
  const customerId = await api.ensureCustomer({
    organizationId,
    customerId: known?.customerId ?? null,
    name,
    email,
  });
  if (known?.customerId === customerId) return known;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      upsertCustomer(
        q,
        { organizationId, provider: api.name, customerId },
        known?.customerId,
        new Date(ctx.clock.now()),
      ),
    ],
    skipIdempotencyRecord: true, // The verb has not answered yet.
    result: undefined,
  });
  return { customerId, version: known?.version ?? 1, checkoutId: known?.checkoutId ?? null };
}
