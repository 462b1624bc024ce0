import { asSystem, type Ctx } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import { customerErrors } from '../customers/index.ts';
import {
  interruptCommand,
  presentSubscription,
  type SubscriptionView,
  syncSubscription,
} from '../subscriptions/index.ts';
import {
  entryOf,
  scopeOf,
  type SubscriptionCommand,
  takeCommand,
  type TakenCommand,
} from './take-command.ts';

/** After the provider's answer the system continues, even if the actor has lost their rights since. */
const followUp = (ctx: Ctx) => asSystem(ctx, 'subscription.command');

/** Stores the provider's data after its answer; it is the actor's action only if they still have their rights. */
async function storeAnswer(ctx: Ctx, { ref, key: concludes }: TakenCommand): Promise<SubscriptionView> {
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
  taken: TakenCommand,
  command: SubscriptionCommand,
): Promise<SubscriptionView> {
  try {
    await taken.ask();
  } catch (error) {
    if (isRefusal(error)) {
      const { actor } = ctx;
      const audit = entryOf(taken.row, command, '_refused');
      const options = { audit, actor, concludes: taken.key, toResult: () => undefined };
      await syncSubscription(followUp(ctx), taken.ref, options);
    }
    throw error;
  }
  return storeAnswer(ctx, taken);
}

/** Lets the repetition of a command that stopped without an answer take it again. */
const interrupt = (ctx: Ctx, { row, key }: TakenCommand): Promise<void> =>
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
  const taken = await takeCommand(ctx, command);
  if (taken.kind === 'answered') return taken.view;
  try {
    return await runCommand(ctx, taken, command);
  } catch (error) {
    if (!isRefusal(error)) await interrupt(followUp(ctx), taken);
    throw error;
  }
}
