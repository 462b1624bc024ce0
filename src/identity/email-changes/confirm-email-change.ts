import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { auditedOrganization, selectActiveMemberships } from '../members/index.ts';
import { deletePasswordResetsOfUser, endUnprovenAuthority } from '../recovery/index.ts';
import { findPasswordCredential, holdPassword, selectCredentials, signInErrors } from '../sign-in/index.ts';
import { changeUser, emailVerified, selectUser, userIdOfEmail } from '../users/index.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import { emailChanged } from './email-changes.events.ts';
import {
  markConfirmed,
  newEmailOfChange,
  selectEmailChange,
  userIdOfChange,
} from './email-changes.queries.ts';
import { isConfirmable, UNDO_SECONDS } from './email-changes.rules.ts';
import { verifyEmailChangeToken } from './email-change-tokens.ts';

/** @throws AppError `accounts.email_change_invalid` or `accounts.email_taken` */
async function readConfirmable(ctx: Ctx, changeId: string) {
  const userId = userIdOfChange(changeId);
  const [[change], [user], credentials, memberships, [holder]] = await ctx.read(
    (q) => [
      selectEmailChange(q, changeId),
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectActiveMemberships(q, userId),
      selectUser(q, userIdOfEmail(newEmailOfChange(changeId))),
    ],
    systemScope,
  );
  const credential = user && findPasswordCredential(credentials, user.id);
  if (!change || !user || !credential || !isConfirmable(change, user, credential, ctx.clock.now()))
    throw emailChangeErrors.emailChangeInvalid();
  if (holder) throw signInErrors.emailTaken();
  return { change, user, credential, organizationId: auditedOrganization(memberships, null) };
}

/**
 * Changes the address, with the token mailed to the new one, which proves it. The links mailed to the old address before, for
 * a new password or its verification, can no longer be used; sessions stay. When the old address was never verified, the API
 * keys and invitations that the user has made end, as with every first proof of an address.
 * @throws AppError `accounts.email_change_invalid`; `accounts.email_taken` when the address has got an account since
 */
export async function confirmEmailChange(ctx: Ctx, token: string): Promise<void> {
  const changeId = await verifyEmailChangeToken(ctx, token, 'confirm');
  const { change, user, credential, organizationId } = await readConfirmable(ctx, changeId);
  const { newEmail, oldEmail } = change;
  const { id: userId } = user;
  const now = new Date(ctx.clock.now());
  const undoUntil = new Date(now.getTime() + UNDO_SECONDS * 1000);
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [
      markConfirmed(q, change, now, undoUntil),
      holdPassword(q, credential, emailChangeErrors.emailChangeInvalid),
      changeUser(q, user, { email: newEmail, emailVerified: true, updatedAt: now }),
      deletePasswordResetsOfUser(q, userId),
      ...(user.emailVerified ? [] : endUnprovenAuthority(q, userId, now)),
    ],
    audit: organizationId
      ? [
          {
            action: 'user.email_changed',
            severity: 'warning',
            target: { type: 'user', id: userId },
            before: { email: oldEmail },
            after: { email: newEmail },
          },
        ]
      : [],
    events: [
      emailChanged.of({ userId, emailChangeId: change.id }),
      ...(user.emailVerified ? [] : [emailVerified.of({ userId })]),
    ],
    conflicts: { users_email_key: signInErrors.emailTaken },
    result: undefined,
  });
}
