import { z } from '@hono/zod-openapi';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { idSchema } from '../../kernel/core/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { changeUser, selectUser, selectActiveMemberships, type User } from './accounts.queries.ts';
import { chooseMembership, VERIFICATION_LINK_SECONDS } from './accounts.rules.ts';
import { systemScopeOf } from './create-grant.ts';
import { takeFromMailLimit } from './mail-limit.ts';
import { requireUser } from './end-session.ts';

const TOKEN_TYPE = 'email-verification+jwt';
const claimsSchema = z.object({ sub: idSchema('user'), email: z.string() });

/** Proves, to whoever reads the mail, that they read it. Nothing is stored: it names the address and is signed. */
export function createVerificationToken(ctx: Ctx, { id, email }: User): Promise<string> {
  return ctx.signer.sign({ sub: id, email }, { type: TOKEN_TYPE, lifeSeconds: VERIFICATION_LINK_SECONDS });
}

async function verifyVerificationToken(ctx: Ctx, token: string) {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, TOKEN_TYPE));
  } catch (cause) {
    throw accountErrors.verificationTokenInvalid({ cause });
  }
}

/**
 * Notes that the person reads mails at their address. A second time changes nothing.
 * @throws AppError `accounts.verification_token_invalid` also when the address has changed since
 */
export async function verifyEmail(ctx: Ctx, token: string): Promise<void> {
  const { sub: userId, email } = await verifyVerificationToken(ctx, token);
  const [[user], memberships] = await ctx.read(
    (q) => [selectUser(q, userId), selectActiveMemberships(q, userId)],
    systemScope,
  );
  if (!user || user.email !== email) throw accountErrors.verificationTokenInvalid();
  if (user.emailVerified) return;
  const organizationId = chooseMembership(memberships, null)?.organizationId ?? null;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: (q) => [changeUser(q, user, { emailVerified: true, updatedAt: new Date(ctx.clock.now()) })],
    audit: organizationId ? [{ action: 'user.email_verified', target: { type: 'user', id: userId } }] : [],
    events: [{ type: 'user.email_verified', key: userId, payload: { userId } }],
    result: undefined,
  });
}

/** Asks for the mail once more; one whose address is verified gets none, nor one who asks too often. */
export async function requestEmailVerification(ctx: Ctx): Promise<void> {
  const { userId, organizationId } = requireUser(ctx);
  if (!(await takeFromMailLimit(ctx, await ctx.hasher.hash('mails', userId)))) return;
  await ctx.commit({
    scope: systemScopeOf(organizationId),
    write: () => [],
    events: [{ type: 'user.verification_requested', key: userId, payload: { userId } }],
    result: undefined,
  });
}
