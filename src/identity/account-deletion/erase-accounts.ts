import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { erasePersonalFields } from '../../platform/audit-chain/index.ts';
import { deleteChangesOfUser } from '../email-changes/index.ts';
import { deleteAcceptedInvitations } from '../invitations/index.ts';
import { deleteMember, type Member, memberRemoved, selectMembershipsOfUser } from '../members/index.ts';
import { deletePasswordResetsOfUser } from '../recovery/index.ts';
import { deleteSessionsOfUser } from '../sessions/index.ts';
import { deleteCredentials } from '../sign-in/index.ts';
import { changeUser, deleteUser, type User } from '../users/index.ts';
import { userErased } from './account-deletion.events.ts';
import { selectDueAccounts, selectEmptyAccounts } from './account-deletion.queries.ts';
import { emptyRowsBefore, erasedUser } from './account-deletion.rules.ts';

/** The rest is left to the next run. */
const MAX_ACCOUNTS_PER_RUN = 50;

/** Ends a membership, and erases what the audit log of the organization says of the person beside their id. */
async function leaveOrganization(ctx: Ctx, member: Member): Promise<void> {
  const { id: memberId, organizationId, userId, role, status } = member;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [deleteMember(q, member)],
    audit: {
      action: 'member.removed',
      severity: 'warning',
      target: { type: 'member', id: memberId },
      before: { userId, role, status },
      after: { erased: true },
    },
    events: [memberRemoved.of({ organizationId, memberId, userId })],
    result: undefined,
  });
  await erasePersonalFields(ctx, { organizationId, personId: userId });
}

/** Each step can be repeated: a run that fails in between is continued by the next. */
async function eraseAccount(ctx: Ctx, user: User): Promise<void> {
  const { id: userId } = user;
  const [memberships] = await ctx.read((q) => [selectMembershipsOfUser(q, userId)], systemScope);
  for (const member of memberships) await leaveOrganization(ctx, member);
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScope,
    write: (q) => [
      // The version has changed if the user was quick to restore the account.
      changeUser(q, user, erasedUser(userId, now)),
      deleteCredentials(q, userId),
      deleteSessionsOfUser(q, userId),
      deletePasswordResetsOfUser(q, userId),
      deleteChangesOfUser(q, userId),
      deleteAcceptedInvitations(q, userId),
    ],
    events: [userErased.of({ userId })],
    result: undefined,
  });
}

/** Scheduled each hour: erases the accounts whose time to be restored is over. */
export async function eraseDueAccounts(services: Services): Promise<void> {
  const now = new Date(services.clock.now());
  const [due] = await services.database.read(systemScope, (q) => [
    selectDueAccounts(q, now, MAX_ACCOUNTS_PER_RUN),
  ]);
  const items = due.map((user) => ({ id: user.id, organizationId: null, user }));
  await runSweep(services, 'account_deletion.erase', items, (ctx, { user }) => eraseAccount(ctx, user));
}

/** Scheduled each hour: deletes the empty rows of erased accounts, and with them the rows that refer to them. */
export async function deleteEmptyAccounts(services: Services): Promise<void> {
  const before = emptyRowsBefore(services.clock.now());
  const [empty] = await services.database.read(systemScope, (q) => [
    selectEmptyAccounts(q, before, MAX_ACCOUNTS_PER_RUN),
  ]);
  const items = empty.map(({ id }) => ({ id, organizationId: null }));
  await runSweep(services, 'account_deletion.delete_empty', items, async (ctx, { id }) => {
    await ctx.commit({ scope: systemScope, write: (q) => [deleteUser(q, id)], result: undefined });
  });
}
