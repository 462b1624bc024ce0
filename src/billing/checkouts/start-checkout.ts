import { CURRENT_PLAN_VERSION } from '../../identity/entitlements/index.ts';
import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { authErrors, isStale, requirePermission, sha256Hex } from '../../kernel/core/index.ts';
import { PRICES, selectMembersSet } from '../plans/index.ts';
import {
  type BillingCustomer,
  ensureCustomer,
  rememberCheckout,
  requireSeatsCount,
  returnUrlOf,
  selectCustomer,
} from '../customers/index.ts';
import type { Checkout, PaymentProvider, PlanChoice } from '../providers/index.ts';
import { selectLatest, syncSubscription } from '../subscriptions/index.ts';
import { checkoutErrors } from './checkouts.errors.ts';
import { selectBillingName } from './checkouts.queries.ts';
import type { CheckoutView, StartCheckout } from './checkouts.schemas.ts';

async function readOrganization(ctx: Ctx) {
  const { organizationId, actor } = ctx;
  const userId = actor.kind === 'user' ? actor.userId : null;
  const [[organization], [customer], [latest], [members]] = await ctx.read((q) => [
    selectBillingName(q, organizationId, userId),
    selectCustomer(q, organizationId),
    selectLatest(q, organizationId),
    selectMembersSet(q, organizationId, new Date(ctx.clock.now())),
  ]);
  if (!organization) throw authErrors.outdatedToken();
  return { organization, customer, latest, isSet: members?.isSet === true };
}
type Read = Awaited<ReturnType<typeof readOrganization>>;

/** @throws AppError `billing.already_subscribed` when the subscription has not ended at its provider either */
async function requireNoSubscription(ctx: Ctx, { customer, latest }: Read): Promise<void> {
  if (!latest || latest.endedAt !== null || !customer) return;
  const { provider, providerSubscriptionId: subscriptionId } = latest;
  const ref = { provider, customerId: customer.customerId, subscriptionId };
  const hasEnded = await syncSubscription(ctx, ref, { toResult: ({ endedAt }) => endedAt !== null });
  if (hasEnded !== true) throw checkoutErrors.alreadySubscribed();
}

/** Two requests for the same checkout get the same one, as long as no other was started in between. */
const keyOf = async (organizationId: string, version: number, request: object): Promise<string> =>
  `checkout/${organizationId}/${version}/${(await sha256Hex(JSON.stringify(request))).slice(0, 32)}`;

const toView = ({ url, expiresAtMs }: Checkout, { trialDays }: { trialDays: number }): CheckoutView => ({
  url,
  expiresAt: new Date(expiresAtMs).toISOString(),
  trialDays,
});

async function remember(
  ctx: Ctx,
  customer: Pick<BillingCustomer, 'version' | 'customerId'>,
  checkout: Checkout,
  { choice, trialDays }: { choice: PlanChoice; trialDays: number },
): Promise<CheckoutView> {
  const { organizationId } = ctx;
  return ctx.commit({
    // Row-level security lets only the system write the customer, because members must not choose it.
    scope: systemScopeOf(organizationId),
    write: (q) => [
      rememberCheckout(
        q,
        { organizationId, version: customer.version, customerId: customer.customerId },
        checkout.id,
        new Date(ctx.clock.now()),
      ),
    ],
    audit: {
      action: 'subscription.checkout_started',
      target: { type: 'organization', id: organizationId },
      after: { ...choice, trialDays },
    },
    result: toView(checkout, { trialDays }),
  });
}

/**
 * Stores the checkout. When another request has stored one at the same moment, this checkout is returned if it is the
 * same one, and ended if it is not.
 */
async function rememberOrEnd(
  ctx: Ctx,
  api: PaymentProvider,
  customer: Pick<BillingCustomer, 'version' | 'customerId'>,
  checkout: Checkout,
  request: { choice: PlanChoice; trialDays: number },
): Promise<CheckoutView> {
  try {
    return await remember(ctx, customer, checkout, request);
  } catch (error) {
    if (!isStale(error)) throw error;
    const [[now]] = await ctx.read((q) => [selectCustomer(q, ctx.organizationId)]);
    if (now?.checkoutId === checkout.id) return toView(checkout, request);
    await api.expireCheckout(checkout.id);
    throw checkoutErrors.checkoutConflict({ cause: error });
  }
}

/**
 * Starts the checkout of a plan and its seats at the payment provider of the organization. An earlier checkout can no
 * longer be completed. The subscription begins when the provider reports that the checkout was completed.
 * @throws AppError `billing.not_configured`, `billing.already_subscribed`, `billing.checkout_conflict`,
 * `billing.return_url_not_allowed`, `billing.seats_not_counted`, and those of `PaymentProvider`
 */
export async function startCheckout(ctx: Ctx, input: StartCheckout): Promise<CheckoutView> {
  requirePermission(ctx.actor, 'billing:write');
  const { plan, interval, seats, promotionCode } = input;
  const returnUrl = returnUrlOf(ctx.config, input.returnUrl);
  const cancelUrl = returnUrlOf(ctx.config, input.cancelUrl ?? input.returnUrl);
  const read = await readOrganization(ctx);
  const { customer: known, latest, isSet } = read;
  requireSeatsCount(seats > 0 && isSet);
  const api = ctx.ports.payments.of(known?.provider ?? ctx.ports.payments.preferred, ctx.trace);
  await requireNoSubscription(ctx, read);
  const customer = await ensureCustomer(ctx, api, known, {
    name: read.organization.name,
    email: input.billingEmail ?? read.organization.email,
  });
  const { organizationId } = ctx;
  const choice = { plan, interval, seats, planVersion: CURRENT_PLAN_VERSION };
  const trialDays = latest ? 0 : PRICES[plan].trialDays;
  const request = { choice, trialDays, promotionCode, returnUrl, cancelUrl };
  const key = await keyOf(organizationId, customer.version, request);
  const checkout = await api.startCheckout({
    ...request,
    organizationId,
    customerId: customer.customerId,
    key,
  });
  if (customer.checkoutId !== null && customer.checkoutId !== checkout.id)
    await api.expireCheckout(customer.checkoutId);
  return rememberOrEnd(ctx, api, customer, checkout, request);
}
