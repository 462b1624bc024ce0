import { z } from '@hono/zod-openapi';
import { type Ctx, requireUser, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { idSchema } from '../../kernel/core/index.ts';
import { MAIL_BUDGETS, takeMailOf } from '../../platform/mail/index.ts';
import { chooseMembership, selectActiveMemberships } from '../members/index.ts';
import { selectUser, type User } from '../users/index.ts';
import { proveAddress } from './prove-address.ts';
import { recoveryErrors } from './recovery.errors.ts';
import { VERIFICATION_LINK_SECONDS } from './recovery.rules.ts';
import { emailVerified } from '../users/index.ts';
import { verificationRequested } from './recovery.events.ts';

const TOKEN_TYPE = 'email-verification+jwt';
const claimsSchema = z.object({ sub: idSchema('user'), email: z.string() });

/** The token for a verification email. Nothing is stored: the token is signed and names the user and the address. */
export function createVerificationToken(ctx: Ctx, { id, email }: User): Promise<string> {
  return ctx.signer.sign({ sub: id, email }, { type: TOKEN_TYPE, lifeSeconds: VERIFICATION_LINK_SECONDS });
}

async function verifyVerificationToken(ctx: Ctx, token: string) {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, TOKEN_TYPE));
  } catch (cause) {
    throw recoveryErrors.verificationTokenInvalid({ cause });
  }
}

/**
 * Marks a user's address as verified, with the token mailed to it; API keys and invitations that the user has made before
 * end. Verifying twice changes nothing.
 * @throws AppError `accounts.verification_token_invalid` also when the address has changed since
 */
export async function verifyEmail(ctx: Ctx, token: string): Promise<void> {
  const { sub: userId, email } = await verifyVerificationToken(ctx, token);
  const [[user], memberships] = await ctx.read(
    (q) => [selectUser(q, userId), selectActiveMemberships(q, userId)],
    systemScope,
  );
  if (!user || user.email !== email) throw recoveryErrors.verificationTokenInvalid();
  if (user.emailVerified) return;
  const organizationId = chooseMembership(memberships, null)?.organizationId ?? null;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => proveAddress(q, user, new Date(ctx.clock.now())),
    audit: organizationId ? [{ action: 'user.email_verified', target: { type: 'user', id: userId } }] : [],
    events: [emailVerified.of({ userId })],
    result: undefined,
  });
}

/** Requests another verification email. None is sent when the address is verified, nor above the budget of mails. */
export async function requestEmailVerification(ctx: Ctx): Promise<void> {
  const { userId, organizationId } = requireUser(ctx);
  const mailbox = await ctx.hasher.hash('mails', userId);
  if (!(await takeMailOf(ctx, mailbox, MAIL_BUDGETS.accountMails)).admitted) return;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: () => [],
    events: [verificationRequested.of({ userId })],
    result: undefined,
  });
}
