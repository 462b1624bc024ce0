import { type Organization, planChange } from '../../identity/organizations/index.ts';
import { type CommitRequest, type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { requestErrors, retryStale } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { selectOrganizationOfCustomer } from '../customers/index.ts';
import type { PaymentProvider, ProviderName, ProviderSubscription } from '../providers/index.ts';
import { differences, stateOf, type SubscriptionRow, vanished } from './state.rules.ts';
import { eventsOfChange } from './subscriptions.events.ts';
import {
  changeSubscription,
  insertSubscription,
  selectLiveOfCustomer,
  selectProviderSubscription,
} from './subscriptions.queries.ts';

/** Others may change the subscription between the read and the commit. */
const MAX_ATTEMPTS = 6;

export interface SubscriptionRef {
  provider: ProviderName;
  customerId: string;
  subscriptionId: string;
}

/** What a verb adds to the commit: its audit entry and its result, made of the row as it is then. */
interface SyncOptions<R> {
  audit?: CommitRequest<unknown>['audit'];
  /** The verb answers with the result, so that it is stored for the idempotency key of the request. */
  isAnswer?: true;
  toResult(row: SubscriptionRow): R;
  /** Statements that belong to a change, and are committed with it. */
  alsoWrite?(q: Queries, change: SubscriptionSync): Statement[];
}

/** A change that a sync makes. */
export interface SubscriptionSync {
  row: SubscriptionRow;
  /** The names of the fields that differ; empty for a subscription that was not known. */
  fields: string[];
}

/** A sync changes the plan itself, and continues when another one has changed it: a token that states the former plan counts. */
const whateverPlan = { ignoresPlan: true } as const;

/** What is known of a subscription before the provider is asked. */
async function readKnown(ctx: Ctx, { provider, customerId, subscriptionId }: SubscriptionRef) {
  const [[owner], [row], [live]] = await ctx.read(
    (q) => [
      selectOrganizationOfCustomer(q, provider, customerId),
      selectProviderSubscription(q, provider, subscriptionId),
      selectLiveOfCustomer(q, provider, customerId),
    ],
    { ...systemScope, ...whateverPlan },
  );
  return { ...owner, row, live: live?.subscription };
}
type Known = Awaited<ReturnType<typeof readKnown>>;

/** What a provider has, and whether a payment is to be given back that is still being made. */
interface Truth {
  subscription: ProviderSubscription;
  isRefundPending: boolean;
}

/**
 * Ends a subscription that must not be there, because another one lasts or the organization is deleted. The payment of one that
 * should never have come about is given back, when it has been made. @returns what the provider has then
 */
async function endSurplus(
  ctx: Ctx,
  api: PaymentProvider,
  { organization, row }: Known,
  { id: subscriptionId }: ProviderSubscription,
): Promise<Truth | undefined> {
  ctx.log.warn('billing.surplus_subscription', { organizationId: organization?.id, subscriptionId });
  const refund = row === undefined || row.refundDueAt !== null;
  const key = `surplus/${subscriptionId}`;
  const { isRefundPending } = await api.cancel(subscriptionId, { at: 'now', refund, key });
  const subscription = await api.readSubscription(subscriptionId);
  return subscription && { subscription, isRefundPending };
}

/** Whether the provider has a subscription that the organization must not have; one of other prices is not ours to end. */
function isSurplus({ organization, row, live }: Known, truth: ProviderSubscription): boolean {
  if (row && row.refundDueAt !== null) return true;
  if (truth.status === 'cancelled') return false;
  if (row === undefined && truth.choice === null) return false;
  return organization?.deletedAt !== null || (row === undefined && live !== undefined);
}

/** What the provider has; a subscription that it does not know any more has ended. */
async function readTruth(
  ctx: Ctx,
  api: PaymentProvider,
  ref: SubscriptionRef,
  known: Known,
): Promise<Truth | undefined> {
  const { row } = known;
  const subscription =
    (await api.readSubscription(ref.subscriptionId)) ??
    (row && vanished(row, ref.customerId, ctx.clock.now()));
  if (!subscription) return undefined;
  return isSurplus(known, subscription)
    ? endSurplus(ctx, api, known, subscription)
    : { subscription, isRefundPending: false };
}

function newRow(ctx: Ctx, organizationId: string, ref: SubscriptionRef) {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('subscription'),
    organizationId,
    provider: ref.provider,
    providerSubscriptionId: ref.subscriptionId,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** The plan before the subscription said anything about it. */
const NO_GRANT = { grantedPlan: 'free', grantedPlanVersion: 1 } as const;

/** The change of the organization's plan that a change of the subscription makes, if it makes one. */
function planChangeOf(
  ctx: Ctx,
  organization: Organization,
  former: SubscriptionRow | undefined,
  row: SubscriptionRow,
) {
  const { grantedPlan, grantedPlanVersion } = former ?? NO_GRANT;
  const { grantedPlan: plan, grantedPlanVersion: planVersion, status } = row;
  if (grantedPlan === plan && grantedPlanVersion === planVersion) return undefined;
  return planChange(ctx, organization, { plan, planVersion, reason: `subscription ${status}` });
}

/** Commits what follows from the provider's truth; without a change and without an audit entry nothing is written. */
async function applyTruth<R>(
  ctx: Ctx,
  ref: SubscriptionRef,
  { organization, row: former }: Known,
  { subscription: truth, isRefundPending }: Truth,
  options: SyncOptions<R>,
): Promise<R | undefined> {
  const fallback = truth.choice ?? former;
  if (!organization || !fallback) {
    ctx.log.error('billing.unknown_price', { ...ref, organizationId: organization?.id });
    return undefined;
  }
  const updatedAt = new Date(ctx.clock.now());
  const state = stateOf(truth, fallback, former, updatedAt.getTime(), isRefundPending);
  const row: SubscriptionRow = { ...(former ?? newRow(ctx, organization.id, ref)), ...state };
  const fields = former ? differences(former, state) : [];
  const isChange = !former || fields.length > 0;
  if (!isChange && !options.audit) return options.toResult(row);
  const plan = planChangeOf(ctx, organization, former, row);
  return ctx.commit({
    // No member writes what the provider says: row-level security lets only the system do it.
    scope: { ...systemScopeOf(organization.id), ...whateverPlan },
    write: (q) => [
      former ? changeSubscription(q, former, { ...state, updatedAt }) : insertSubscription(q, row),
      ...(plan?.write(q) ?? []),
      ...((isChange && options.alsoWrite?.(q, { row, fields })) || []),
    ],
    audit: [...[options.audit ?? []].flat(), ...(plan?.audit ?? [])],
    events: [...eventsOfChange(former, row), ...(plan?.events ?? [])],
    // Another one stored it, or another subscription, at the same moment.
    conflicts: {
      subscriptions_provider_key: requestErrors.stale,
      subscriptions_live_key: requestErrors.stale,
    },
    ...(options.isAnswer ? {} : { skipIdempotencyRecord: true }),
    result: options.toResult({ ...row, updatedAt, version: former ? former.version + 1 : 1 }),
  });
}

async function syncOnce<R>(ctx: Ctx, ref: SubscriptionRef, options: SyncOptions<R>): Promise<R | undefined> {
  let known = await readKnown(ctx, ref);
  if (!known.organization) return undefined; // Of a customer of another system that uses the same account.
  const { live } = known;
  if (!known.row && live) {
    // The one that we take for lasting may have ended meanwhile.
    await syncOnce(
      ctx,
      { ...ref, subscriptionId: live.providerSubscriptionId },
      { toResult: () => undefined },
    );
    known = await readKnown(ctx, ref);
  }
  const truth = await readTruth(ctx, ctx.ports.payments.of(ref.provider, ctx.trace), ref, known);
  return truth && applyTruth(ctx, ref, known, truth, options);
}

/**
 * Reads a subscription at its provider and stores what follows: its state, the plan of the organization, the events. The only
 * way in which a subscription changes: verbs call it after they asked the provider for a change, subscribers when something was
 * reported, the sweep when time has changed something. The row is read before the provider is, and the commit fails when the
 * row has changed since, so that of two at once the newer truth stays.
 * @returns the result of `options.toResult`; undefined when the customer or the subscription is not known
 * @throws AppError of the provider, or `request.stale` when others keep changing the subscription
 */
export const syncSubscription = <R>(
  ctx: Ctx,
  ref: SubscriptionRef,
  options: SyncOptions<R>,
): Promise<R | undefined> => retryStale(MAX_ATTEMPTS, () => syncOnce(ctx, ref, options));
