import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { cutText } from '../../kernel/core/index.ts';
import { insertMember } from '../members/index.ts';
import { buildOrganization, createSlug, insertOrganization } from '../organizations/index.ts';
import { networkRequester, requireStrongPassword } from '../passwords/index.ts';
import { type SessionGrant, openSession } from '../sessions/index.ts';
import { selectUser, type User, userIdOfEmail } from '../users/index.ts';
import { prepareAccount } from './prepare-account.ts';
import { signInErrors } from './sign-in.errors.ts';
import { holdUnreserved } from './sign-in.queries.ts';
import type { SignUp } from './sign-in.schemas.ts';
import { signUpRepeated, userSignedUp } from '../users/index.ts';
import { organizationCreated } from '../organizations/index.ts';

const SLUG_RANDOM_BYTES = 8;
const MAX_NAME_IN_ORGANIZATION_NAME = 240;

function buildFirstOrganization(ctx: Ctx, { id, name }: User) {
  const organizationName = `${cutText(name, MAX_NAME_IN_ORGANIZATION_NAME)}'s team`;
  const slug = createSlug(name, ctx.ids.random(SLUG_RANDOM_BYTES));
  return buildOrganization(ctx, id, { name: organizationName, slug });
}

/**
 * Refuses a sign-up with the work of an accepted one, so that the time of the answer reveals nothing; an email informs the
 * owner of the address.
 */
async function refuseTakenAddress(ctx: Ctx, { email, password }: SignUp, user: User): Promise<never> {
  await ctx.ports.passwords.hash(email, password, networkRequester(ctx));
  await ctx.commit({
    scope: systemScope,
    skipIdempotencyRecord: true,
    write: () => [],
    events: [signUpRepeated.of({ userId: user.id })],
    result: undefined,
  });
  throw signInErrors.emailTaken();
}

/**
 * Creates a user and a first organization that they own, and signs them in.
 * @throws AppError `request.invalid` for a weak password, `accounts.email_taken`, `server.unavailable`
 */
export async function signUp(ctx: Ctx, input: SignUp): Promise<SessionGrant> {
  requireStrongPassword(input.password, input);
  const [[existingUser]] = await ctx.read((q) => [selectUser(q, userIdOfEmail(input.email))], systemScope);
  if (existingUser) return refuseTakenAddress(ctx, input, existingUser);
  const requester = networkRequester(ctx);
  const account = await prepareAccount(ctx, input, { emailVerified: false, requester });
  const { user } = account;
  const now = new Date(ctx.clock.now());
  const organization = buildFirstOrganization(ctx, user);
  const { id: organizationId, plan } = organization;
  const session = await openSession(ctx, user, { organizationId, role: 'owner', plan });
  const member = { id: ctx.ids.create('member'), organizationId, userId: user.id, role: 'owner' } as const;
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    actor: session.actor,
    write: (q) => [
      holdUnreserved(q, user.email, now),
      ...account.statements(q),
      ...session.statements(q),
      insertOrganization(q, organization),
      insertMember(q, { ...member, createdAt: now, updatedAt: now }),
    ],
    audit: [
      {
        action: 'user.signed_up',
        target: { type: 'user', id: user.id },
        after: { email: user.email, name: user.name },
      },
      {
        action: 'organization.created',
        target: { type: 'organization', id: organizationId },
        after: { name: organization.name, slug: organization.slug },
      },
    ],
    events: [userSignedUp.of({ userId: user.id }), organizationCreated.of({ organizationId })],
    conflicts: { users_email_key: signInErrors.emailTaken },
    result: session.grant,
  });
}
