import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { insertMember } from '../members/index.ts';
import { insertOrganization, newOrganization, slugFrom } from '../organizations/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { findUser, type User, userIdOfEmail } from './accounts.queries.ts';
import { requireStrongPassword } from './accounts.rules.ts';
import type { SignUp } from './accounts.schemas.ts';
import { accountScope, type Grant } from './grants.ts';
import { newPerson } from './new-person.ts';

const SLUG_RANDOM_BYTES = 8;
const LONGEST_NAME_IN_TEAM = 240;

function firstOrganization(ctx: Ctx, { id, name }: User) {
  const called = `${name.slice(0, LONGEST_NAME_IN_TEAM)}'s team`;
  const slug = slugFrom(name, ctx.ids.random(SLUG_RANDOM_BYTES));
  return newOrganization(ctx, id, { name: called, slug });
}

/**
 * Makes a person, their first organization with them as its owner, and signs them in.
 * @throws AppError `request.invalid` for a weak password, `accounts.email_taken`, `server.unavailable`
 */
export async function signUp(ctx: Ctx, input: SignUp): Promise<Grant> {
  requireStrongPassword(input.password, input);
  const [known] = await ctx.read((q) => [findUser(q, userIdOfEmail(input.email))], systemScope);
  const { user, enter } = await newPerson(ctx, input, { known, emailVerified: false });
  const now = new Date(ctx.clock.now());
  const organization = firstOrganization(ctx, user);
  const { id: organizationId, plan } = organization;
  const { grant, actor, statements } = await enter({ organizationId, role: 'owner', plan });
  const member = { id: ctx.ids.create('member'), organizationId, userId: user.id, role: 'owner' } as const;
  return ctx.commit({
    scope: accountScope(organizationId),
    actor,
    write: (q) => [
      ...statements(q),
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
    effects: [
      { type: 'user.signed_up', key: user.id, payload: { userId: user.id } },
      { type: 'organization.created', key: organizationId, payload: { organizationId } },
    ],
    conflicts: { users_email_key: accountErrors.emailTaken },
    result: grant,
  });
}
