import { type Organization, planChange } from '../../identity/organizations/index.ts';
import { type CommitRequest, type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { type Actor, requestErrors, retryStale } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { ProviderSubscription } from '../providers/index.ts';
import { NO_COMMAND } from './commands.rules.ts';
import {
  type Known,
  readKnown,
  readTruth,
  type SubscriptionRef,
  type Truth,
  whateverPlan,
} from './read-truth.ts';
import { differences, stateOf, type SubscriptionRow } from './state.rules.ts';
import { eventsOfChange } from './subscriptions.events.ts';
import { changeSubscription, insertSubscription } from './subscriptions.queries.ts';

/** The subscription may be changed between the read and the commit. */
const MAX_ATTEMPTS = 6;

/** A verb's addition to the commit: its audit entry and its result, made from the new row. */
interface SyncOptions<R> {
  audit?: CommitRequest<unknown>['audit'];
  /** The actor of the audit entry, where the system syncs for somebody. */
  actor?: Actor;
  /** The verb answers with the result, so that it is stored for the idempotency key of the request. */
  isAnswer?: true;
  /** The key of a command that has ended with the provider's current data. */
  concludes?: string;
  toResult(row: SubscriptionRow, truth: ProviderSubscription): R;
  /** Statements that belong to a change, and are committed with it. */
  alsoWrite?(q: Queries, change: SubscriptionSync): Statement[];
}

/** A change that a sync makes. */
export interface SubscriptionSync {
  row: SubscriptionRow;
  /** The names of the fields that differ; empty for a subscription that was not known. */
  fields: string[];
}

function newRow(ctx: Ctx, organizationId: string, ref: SubscriptionRef) {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('subscription'),
    organizationId,
    provider: ref.provider,
    providerSubscriptionId: ref.subscriptionId,
    ...NO_COMMAND,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** The plan before the subscription had any influence on it. */
const NO_GRANT = { grantedPlan: 'free', grantedPlanVersion: 1, grantedSeats: null } as const;

/**
 * The change of the organization's plan, seats or end of trial that follows from a change of the subscription, if any.
 */
function planChangeOf(
  ctx: Ctx,
  organization: Organization,
  former: SubscriptionRow | undefined,
  row: SubscriptionRow,
) {
  const { grantedPlan, grantedPlanVersion, grantedSeats } = former ?? NO_GRANT;
  const { grantedPlan: plan, grantedPlanVersion: planVersion, status } = row;
  // An operator may have set another plan since.
  const granted =
    grantedPlan === plan && grantedPlanVersion === planVersion
      ? { plan: organization.plan, planVersion: organization.planVersion }
      : { plan, planVersion };
  return planChange(ctx, organization, {
    ...granted,
    seats: grantedSeats === row.grantedSeats ? organization.seats : row.grantedSeats,
    ...(status === 'trialing' ? { trialEndsAt: row.trialEndsAt } : {}),
    ...(status !== 'trialing' && former?.status === 'trialing' ? { trialEndsAt: null } : {}),
    reason: `subscription ${status}`,
  });
}

/** Another request stored it, or another subscription, at the same moment. */
const CONFLICTS = {
  subscriptions_provider_key: requestErrors.stale,
  subscriptions_live_key: requestErrors.stale,
};

/**
 * Commits the changes that follow from the provider's data; without a change, an audit entry or an answer nothing is
 * written.
 */
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
  const isConcluded = options.concludes !== undefined && former?.commandKey === options.concludes;
  const command = isConcluded ? NO_COMMAND : {};
  const row: SubscriptionRow = { ...(former ?? newRow(ctx, organization.id, ref)), ...state, ...command };
  const fields = former ? differences(former, state) : [];
  const isChange = !former || fields.length > 0;
  if (!isChange && !options.audit && !options.isAnswer) return options.toResult(row, truth);
  const plan = planChangeOf(ctx, organization, former, row);
  return ctx.commit({
    // Row-level security lets only the system, and no member, write the provider's data.
    scope: { ...systemScopeOf(organization.id), ...whateverPlan },
    write: (q) => [
      former
        ? changeSubscription(q, former, { ...state, ...command, updatedAt })
        : insertSubscription(q, row),
      ...(plan?.write(q) ?? []),
      ...((isChange && options.alsoWrite?.(q, { row, fields })) || []),
    ],
    audit: [...[options.audit ?? []].flat(), ...(plan?.audit ?? [])],
    ...(options.actor ? { actor: options.actor } : {}),
    events: [...eventsOfChange(former, row), ...(plan?.events ?? [])],
    conflicts: CONFLICTS,
    ...(options.isAnswer ? {} : { skipIdempotencyRecord: true }),
    result: options.toResult({ ...row, updatedAt, version: former ? former.version + 1 : 1 }, truth),
  });
}

async function syncOnce<R>(ctx: Ctx, ref: SubscriptionRef, options: SyncOptions<R>): Promise<R | undefined> {
  let known = await readKnown(ctx, ref);
  if (!known.organization) return undefined; // It belongs to a customer of another system that uses the same account.
  const { live } = known;
  if (!known.row && live) {
    // The subscription that is stored as current may have ended since.
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
 * Reads a subscription at its provider and stores its state, the plan of the organization, and the events.
 * Subscriptions change only here: verbs call it after they requested a change from the provider, subscribers after a
 * report, and the sweep when time has changed the state. The row is read before the provider, and the commit fails when
 * the row has changed since, so that the newer of two simultaneous reads is stored.
 * @returns the result of `options.toResult`; undefined when the customer or the subscription is not known
 * @throws AppError of the provider, or `request.stale` when the subscription keeps changing
 */
export const syncSubscription = <R>(
  ctx: Ctx,
  ref: SubscriptionRef,
  options: SyncOptions<R>,
): Promise<R | undefined> => retryStale(MAX_ATTEMPTS, () => syncOnce(ctx, ref, options));
