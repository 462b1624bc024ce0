import { ERASED_NAME, userErased } from '../../identity/account-deletion/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { renameParticipantsOfUser } from './ledger.queries.ts';

/**
 * The ledger keeps the times of an erased person without their name. This needs the system's scope, because they were
 * in many calls.
 */
async function anonymiseParticipants(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [renameParticipantsOfUser(q, userId, ERASED_NAME)],
    result: undefined,
  });
}

export const callSubscriptions: readonly Subscription[] = [
  subscribe(userErased, 'calls.anonymise-participants', anonymiseParticipants),
];
