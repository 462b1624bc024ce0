import { asSystem, type CommitRequest, type Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { PaymentProvider, ProviderPaymentMethod } from '../providers/index.ts';
import { paymentMethodErrors } from './payment-methods.errors.ts';
import { selectPayer } from './payment-methods.queries.ts';
import type { PaymentMethodsView } from './payment-methods.schemas.ts';

interface Methods {
  customerId: string;
  provider: PaymentProvider;
  isSubscribed: boolean;
  methods: ProviderPaymentMethod[];
}

/** The provider's payment methods now; undefined for an organization that is not a customer yet. */
async function readMethods(ctx: Ctx): Promise<Methods | undefined> {
  const { organizationId, ports } = ctx;
  const preferred = ports.payments.of(ports.payments.preferred, ctx.trace);
  const [[customer]] = await ctx.read((q) => [selectPayer(q, organizationId)]);
  if (!customer) return undefined;
  const { customerId, subscriptionId } = customer;
  const provider =
    customer.provider === preferred.name ? preferred : ports.payments.of(customer.provider, ctx.trace);
  const methods = await provider.listPaymentMethods(customerId);
  return { customerId, provider, isSubscribed: subscriptionId !== null, methods };
}

async function requireMethod(ctx: Ctx, id: string): Promise<Methods & { method: ProviderPaymentMethod }> {
  const found = await readMethods(ctx);
  const method = found?.methods.find((each) => each.id === id);
  if (!found || !method) throw paymentMethodErrors.notFound();
  return { ...found, method };
}

/** Records what the provider has done, even if the actor has lost their rights since. */
function record(actorCtx: Ctx, audit: CommitRequest<void>['audit']): Promise<void> {
  const ctx = asSystem(actorCtx, 'payment_methods');
  return ctx.commit({ write: () => [], audit, actor: actorCtx.actor, result: undefined });
}

/**
 * The payment methods of the organization, as its provider has them.
 * @throws AppError `auth.forbidden`, `billing.not_configured`, `billing.provider_unavailable`
 */
export async function listPaymentMethods(ctx: Ctx): Promise<PaymentMethodsView> {
  requirePermission(ctx.actor, 'billing:read');
  return { data: (await readMethods(ctx))?.methods ?? [] };
}

/**
 * Charges subscriptions to a payment method from now on.
 * @throws AppError `auth.forbidden`, `payment_methods.not_found`, `billing.not_configured`, `billing.provider_unavailable`
 */
export async function setDefaultPaymentMethod(ctx: Ctx, id: string): Promise<PaymentMethodsView> {
  requirePermission(ctx.actor, 'billing:write');
  const { provider, customerId, methods } = await requireMethod(ctx, id);
  const former = methods.find(({ isDefault }) => isDefault)?.id ?? null;
  if (former !== id) await provider.setDefaultPaymentMethod(customerId, id);
  await record(ctx, {
    action: 'payment_method.made_default',
    target: { type: 'organization', id: ctx.organizationId },
    before: { paymentMethodId: former },
    after: { paymentMethodId: id },
  });
  return { data: methods.map((method) => ({ ...method, isDefault: method.id === id })) };
}

/**
 * Removes a payment method. A method to which a subscription is charged cannot be removed until another one is the
 * default.
 * @throws AppError `auth.forbidden`, `payment_methods.not_found`, `payment_methods.is_needed`, `billing.not_configured`
 * …
 */
export async function removePaymentMethod(ctx: Ctx, id: string): Promise<void> {
  requirePermission(ctx.actor, 'billing:write');
  const { provider, isSubscribed, methods, method } = await requireMethod(ctx, id);
  if (isSubscribed && (method.isDefault || methods.length === 1))
    throw paymentMethodErrors.isNeeded({
      detail: methods.length === 1 ? 'add another one first' : 'make another one the default first',
    });
  await provider.removePaymentMethod(id);
  const { kind, brand, last4 } = method;
  await record(ctx, {
    action: 'payment_method.removed',
    target: { type: 'organization', id: ctx.organizationId },
    before: { paymentMethodId: id, kind, brand, last4 },
  });
}
