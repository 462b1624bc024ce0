import { asSystem, type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { actorId, AppError, requirePermission, retryStale, sha256Hex } from '../../kernel/core/index.ts';
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

/** Others may change the subscription between the read and the commit. */
const MAX_ATTEMPTS = 4;

/** Members do not write subscriptions. A sync changes the plan, and the command continues with a token that states the former one. */
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

/** The subscription that lasts. @throws as `readSubscribed` does */
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
  /** What the audit entry says of it. */
  after?: Record<string, unknown>;
  /** Whether it has an answer also when the subscription has ended. */
  outlivesSubscription?: true;
  /**
   * Decides on a subscription that lasts.
   * @param areMembersSet whether an operator set the number of members
   * @returns undefined when it is as asked for already, as after a command whose answer was lost
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

/** Answers a command that finds everything as it asks for. One that it repeats has come to its end. */
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

/** Decides on what the provider has now, and takes the command with its audit entry; or answers it. */
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

/** Whether the provider has answered, so that nothing comes of the request any more. */
const isRefusal = (error: unknown) => error instanceof AppError && error.definition.status < 500;

/** What follows the provider's answer is the system's: the actor may have lost their rights meanwhile, by which nothing is undone. */
const followUp = (ctx: Ctx) => asSystem(ctx, 'subscription.command');

/** Stores what the provider has after its answer, which belongs to the actor only as long as they have their rights. */
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
 * Asks the provider for a change of the subscription, and stores what the provider has then. The command is taken in the commit in
 * which it is decided, with its audit entry: another one is refused meanwhile. When its answer is lost, the same request again asks for
 * the same change.
 * @returns the subscription as it is then
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
