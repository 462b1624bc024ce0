import { asSystem, type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { actorId, isRefusal, requirePermission, retryStale, sha256Hex } from '../../kernel/core/index.ts';
import { customerErrors, selectCustomer } from '../customers/index.ts';
import { selectMembersSet } from '../plans/index.ts';
import type { ChangeOptions, PaymentProvider, ProviderSubscription } from '../providers/index.ts';
import {
  changeCommand,
  interruptCommand,
  NO_COMMAND,
  presentSubscription,
  selectLatest,
  type SubscriptionRow,
  type SubscriptionView,
  syncSubscription,
  whateverPlan,
} from '../subscriptions/index.ts';
import { type CommandName, runningCommand, takeKey } from './commands.rules.ts';

/** The subscription may be changed between the read and the commit. */
const MAX_ATTEMPTS = 4;

/** Members do not write subscriptions. A sync may change the plan that the token of the command states. */
const scopeOf = ({ organizationId }: Ctx) => ({ ...systemScopeOf(organizationId), ...whateverPlan });

/**
 * The newest subscription, with its customer and provider.
 * @throws AppError `auth.forbidden`, `billing.not_configured` without any provider, or `billing.not_subscribed`
 */
async function readSubscribed(ctx: Ctx) {
  requirePermission(ctx.actor, 'billing:write');
  const { organizationId, ports } = ctx;
  const [[customer], [row], [members]] = await ctx.read((q) => [
    selectCustomer(q, organizationId),
    selectLatest(q, organizationId),
    selectMembersSet(q, organizationId, new Date(ctx.clock.now())),
  ]);
  const api = ports.payments.of(customer?.provider ?? ports.payments.preferred, ctx.trace);
  if (!customer || !row) throw customerErrors.notSubscribed();
  const { provider, providerSubscriptionId: subscriptionId } = row;
  const areMembersSet = members?.isSet === true;
  return { row, api, areMembersSet, ref: { provider, subscriptionId, customerId: customer.customerId } };
}
type Subscribed = Awaited<ReturnType<typeof readSubscribed>>;

/** The current subscription. @throws as `readSubscribed` does */
export async function readLive(ctx: Ctx): Promise<Subscribed> {
  const subscribed = await readSubscribed(ctx);
  if (subscribed.row.endedAt !== null) throw customerErrors.notSubscribed();
  return subscribed;
}

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

interface Taken {
  row: SubscriptionRow;
  key: string;
  ask(): Promise<unknown>;
}
interface Found {
  row: SubscriptionRow;
  truth: ProviderSubscription;
}

async function nameOf(ctx: Ctx, { action, after = {} }: SubscriptionCommand): Promise<CommandName> {
  const content = await sha256Hex(JSON.stringify(after));
  return { action, content: content.slice(0, 16), actor: actorId(ctx.actor) ?? ctx.actor.kind };
}

const entryOf = ({ id }: SubscriptionRow, { action, after }: SubscriptionCommand, suffix = '') => ({
  action: `subscription.${action}${suffix}`,
  target: { type: 'subscription', id } as const,
  after,
});

/** Answers a command when the subscription is as requested already. This ends the command that it repeats. */
function answerDone(
  ctx: Ctx,
  row: SubscriptionRow,
  isRepeated: boolean,
): Promise<{ view: SubscriptionView }> {
  const view = presentSubscription(row);
  return ctx
    .commit({
      scope: scopeOf(ctx),
      write: (q) => (isRepeated ? [changeCommand(q, row, NO_COMMAND)] : []),
      result: view,
    })
    .then(() => ({ view }));
}

/** Decides by the provider's current data, and takes the command with its audit entry, or answers it. */
async function takeCommand(
  ctx: Ctx,
  { ref, api, areMembersSet }: Subscribed,
  command: SubscriptionCommand,
): Promise<Taken | { view: SubscriptionView }> {
  const toResult = (row: SubscriptionRow, truth: ProviderSubscription): Found => ({ row, truth });
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
    result: { row, key, ask: () => ask(api, { key, decidedOn }) },
  });
}

/** After the provider's answer the system continues, even if the actor has lost their rights since. */
const followUp = (ctx: Ctx) => asSystem(ctx, 'subscription.command');

/** Stores the provider's data after its answer; it is the actor's action only if they still have their rights. */
async function storeAnswer(ctx: Ctx, { ref }: Subscribed, concludes: string): Promise<SubscriptionView> {
  const options = { concludes, isAnswer: true, toResult: presentSubscription } as const;
  try {
    const view = await syncSubscription(ctx, ref, options);
    if (!view) throw customerErrors.notSubscribed();
    return view;
  } catch (error) {
    if (isRefusal(error))
      await syncSubscription(followUp(ctx), ref, { concludes, toResult: () => undefined });
    throw error;
  }
}

async function runCommand(
  ctx: Ctx,
  subscribed: Subscribed,
  { row, key: concludes, ask }: Taken,
  command: SubscriptionCommand,
): Promise<SubscriptionView> {
  try {
    await ask();
  } catch (error) {
    if (isRefusal(error)) {
      const { actor } = ctx;
      const audit = entryOf(row, command, '_refused');
      const options = { audit, actor, concludes, toResult: () => undefined };
      await syncSubscription(followUp(ctx), subscribed.ref, options);
    }
    throw error;
  }
  return storeAnswer(ctx, subscribed, concludes);
}

/** Lets the repetition of a command that stopped without an answer take it again. */
const interrupt = (ctx: Ctx, { row, key }: Taken): Promise<void> =>
  ctx.commit({
    scope: scopeOf(ctx),
    write: (q) => [interruptCommand(q, row, key)],
    skipIdempotencyRecord: true,
    result: undefined,
  });

/**
 * Requests a change of the subscription from the provider, and stores the provider's data afterwards. The command is
 * taken in the commit that decides it, with its audit entry; until its end, other commands are refused. If its answer
 * is lost, repeating the request repeats the same change.
 * @returns the changed subscription
 * @throws AppError also `billing.change_conflict`
 */
export async function commandSubscription(ctx: Ctx, command: SubscriptionCommand): Promise<SubscriptionView> {
  const subscribed = await readSubscribed(ctx);
  const taken = await retryStale(MAX_ATTEMPTS, () => takeCommand(ctx, subscribed, command));
  if ('view' in taken) return taken.view;
  try {
    return await runCommand(ctx, subscribed, taken, command);
  } catch (error) {
    if (!isRefusal(error)) await interrupt(followUp(ctx), taken);
    throw error;
  }
}
