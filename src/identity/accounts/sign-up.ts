import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { insertMember } from '../members/index.ts';
import { insertOrganization, newOrganization, slugFrom } from '../organizations/index.ts';
import { accountErrors } from './accounts.errors.ts';
import { findUser, type Session, type User, userIdOfEmail } from './accounts.queries.ts';
import { requireStrongPassword } from './accounts.rules.ts';
import type { SignUp } from './accounts.schemas.ts';
import { engineRefusal, openEngine } from './engine.ts';
import { accountScope, type Grant, newGrant, provenActor } from './grants.ts';
import { UnitOfWork } from './unit-of-work.ts';

const SLUG_RANDOM_BYTES = 8;
const LONGEST_NAME_IN_TEAM = 240;

/** The engine's part: the person, their credential and their first session, none of it stored yet. */
async function register(ctx: Ctx, unit: UnitOfWork, { email, password, name }: SignUp) {
  const engine = await openEngine(ctx, unit, { email });
  try {
    await engine.api.signUpEmail({ body: { email, password, name } });
  } catch (error) {
    const taken = engineRefusal(error) === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
    throw taken ? accountErrors.emailTaken({ cause: error }) : error;
  }
  return { user: unit.created<User>('user'), session: unit.created<Session>('session') };
}

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
  const unit = new UnitOfWork(ctx);
  unit.know('user', { email: input.email }, known);
  const made = await register(ctx, unit, input);
  const now = new Date(ctx.clock.now());
  const organization = firstOrganization(ctx, made.user);
  const { id: organizationId, plan } = organization;
  const membership = { organizationId, role: 'owner', plan } as const;
  const user = unit.change('user', made.user, { lastLoginAt: now }) as User;
  const { id: sessionId } = unit.change('session', made.session, { organizationId });
  const { grant, store } = await newGrant(ctx, { user, sessionId, membership });
  const member = { id: ctx.ids.create('member'), organizationId, userId: user.id, role: membership.role };
  return ctx.commit({
    scope: accountScope(organizationId),
    actor: provenActor(user.id, sessionId, membership),
    write: (q) => [
      ...unit.statements(q),
      insertOrganization(q, organization),
      insertMember(q, { ...member, createdAt: now, updatedAt: now }),
      store(q),
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
