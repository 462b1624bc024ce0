import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { selectCustomer } from '../customers/index.ts';

/** Ends the open checkout of a deleted organization; reopening the organization does not bring it back. */
export async function endCheckoutOfDeleted(ctx: Ctx, organizationId: string): Promise<void> {
  const [[customer]] = await ctx.read((q) => [selectCustomer(q, organizationId)], systemScope);
  if (!customer || customer.checkoutId === null) return;
  await ctx.ports.payments.of(customer.provider, ctx.trace).expireCheckout(customer.checkoutId);
}
