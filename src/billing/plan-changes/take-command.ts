import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { actorId, retryStale, sha256Hex } from '../../kernel/core/index.ts';
import { customerErrors } from '../customers/index.ts';
import type { ChangeOptions, PaymentProvider, ProviderSubscription } from '../providers/index.ts';
import {
  changeCommand,
  NO_COMMAND,
  presentSubscription,
  type SubscriptionRow,
  type SubscriptionView,
  syncSubscription,
  whateverPlan,
} from '../subscriptions/index.ts';
import { type CommandName, runningCommand, takeKey } from './commands.rules.ts';
import { readSubscribed, type Subscribed } from './read-subscribed.ts';

/** The subscription may be changed between the read and the commit. */
const MAX_ATTEMPTS = 4;

/** Members do not write subscriptions. A sync may change the plan that the token of the command states. */
export const scopeOf = ({ organizationId }: Ctx) => ({
  ...systemScopeOf(organizationId),
  ...whateverPlan,
});

/** Asks the provider for a change. */
type Ask = (api: PaymentProvider, options: ChangeOptions) => Promise<unknown>;

export interface SubscriptionCommand {
  /** The end of the audit entry's action: `cancelled`. */
  action: string;
  /** The data of the audit entry. */
  after?: Record<string, unknown>;
  /** Whether it can also be answered when the subscription has ended. */
  outlivesSubscription?: true;
  /**
   * Decides on a current subscription.
   * @param areMembersSet whether an operator set the number of members
   * @returns undefined when it is as requested already, for example after a command whose answer was lost
   * @throws AppError `billing.not_changeable`
   */
  decide(row: SubscriptionRow, areMembersSet: boolean): Ask | undefined;
}

/** A command that no other one can interfere with until it ends. */
export interface TakenCommand {
  kind: 'taken';
  ref: Subscribed['ref'];
  row: SubscriptionRow;
  key: string;
  ask(): Promise<unknown>;
}

/** A command that asked for what is there already. */
interface AnsweredCommand {
  kind: 'answered';
  view: SubscriptionView;
}

async function nameOf(ctx: Ctx, { action, after = {} }: SubscriptionCommand): Promise<CommandName> {
  const content = await sha256Hex(JSON.stringify(after));
  return { action, content: content.slice(0, 16), actor: actorId(ctx.actor) ?? ctx.actor.kind };
}

/** The audit entry of a command. */
export const entryOf = ({ id }: SubscriptionRow, { action, after }: SubscriptionCommand, suffix = '') => ({
  action: `subscription.${action}${suffix}`,
  target: { type: 'subscription', id } as const,
  after,
});

/** Answers a command when the subscription is as requested already. This ends the command that it repeats. */
async function answerDone(ctx: Ctx, row: SubscriptionRow, isRepeated: boolean): Promise<AnsweredCommand> {
  const view = await ctx.commit({
    scope: scopeOf(ctx),
    write: (q) => (isRepeated ? [changeCommand(q, row, NO_COMMAND)] : []),
    result: presentSubscription(row), // The response to the request, as it is stored.
  });
  return { kind: 'answered', view };
}

async function takeOnce(
  ctx: Ctx,
  { ref, api, areMembersSet }: Subscribed,
  command: SubscriptionCommand,
): Promise<TakenCommand | AnsweredCommand> {
  const toResult = (row: SubscriptionRow, truth: ProviderSubscription) => ({ row, truth });
  const found = await syncSubscription(ctx, ref, { toResult });
  if (!found) throw customerErrors.notSubscribed();
  const { row, truth: decidedOn } = found;
  if (row.endedAt !== null && !command.outlivesSubscription) throw customerErrors.notSubscribed();
  const nowMs = ctx.clock.now();
  const { key, isRepeated, isAudited } = takeKey(row, await nameOf(ctx, command), nowMs);
  const ask = row.endedAt === null ? command.decide(row, areMembersSet) : undefined;
  if (!ask) return answerDone(ctx, row, isRepeated);
  return ctx.commit({
    scope: scopeOf(ctx),
    write: (q) => [changeCommand(q, row, runningCommand(key, nowMs))],
    audit: isAudited ? [] : entryOf(row, command),
    skipIdempotencyRecord: true, // The verb has not answered yet.
    result: { kind: 'taken', ref, row, key, ask: () => ask(api, { key, decidedOn }) },
  });
}

/**
 * Decides by the provider's current data, and takes the command with its audit entry, or answers it.
 * @throws as `readSubscribed` does, and `billing.change_conflict`
 */
export async function takeCommand(
  ctx: Ctx,
  command: SubscriptionCommand,
): Promise<TakenCommand | AnsweredCommand> {
  const subscribed = await readSubscribed(ctx);
  return retryStale(MAX_ATTEMPTS, () => takeOnce(ctx, subscribed, command));
}
