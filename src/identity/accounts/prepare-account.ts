import type { Ctx } from '../../kernel/context/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { accountErrors } from './accounts.errors.ts';
import type { Session, User } from './accounts.queries.ts';
import type { ActiveMembership } from './accounts.rules.ts';
import type { SignUp } from './accounts.schemas.ts';
import { engineErrorCode, createEngine } from './engine.ts';
import { type Grant, createGrant, createUserActor } from './create-grant.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** A first session: what it gives, who it proves to be there, and what stores the person and it. */
export interface InitialSession {
  grant: Grant;
  actor: Actor;
  statements(q: Queries): Statement[];
}

/** A person with a credential, none of it stored yet. */
export interface PreparedAccount {
  user: User;
  /** Signs them in to their first organization. */
  openSession(membership: ActiveMembership): Promise<InitialSession>;
}

export interface PrepareAccountOptions {
  /** The rows of who has the address already, as the verb has read them. */
  existingUsers: readonly User[];
  /** Whether the call itself proves that they read the mails of their address. */
  emailVerified: boolean;
}

/** The engine's part: the person, their credential and their first session. */
async function registerUser(ctx: Ctx, unit: UnitOfWork, { email, password, name }: SignUp) {
  const engine = await createEngine(ctx, unit, { email });
  try {
    await engine.api.signUpEmail({ body: { email, password, name } });
  } catch (error) {
    const isEmailTaken = engineErrorCode(error) === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
    throw isEmailTaken ? accountErrors.emailTaken({ cause: error }) : error;
  }
  return { user: unit.requireCreated('user') as User, session: unit.requireCreated('session') as Session };
}

/**
 * Prepares an account, for a verb that commits it with an organization to be in. The verb maps a violated
 * `users_email_key` to `accounts.email_taken`.
 * @throws AppError `accounts.email_taken` or `server.unavailable`
 */
export async function prepareAccount(
  ctx: Ctx,
  input: SignUp,
  { existingUsers, emailVerified }: PrepareAccountOptions,
): Promise<PreparedAccount> {
  const unit = new UnitOfWork(ctx);
  unit.preload('user', { email: input.email }, existingUsers);
  const registered = await registerUser(ctx, unit, input);
  const now = new Date(ctx.clock.now());
  const user = unit.change('user', registered.user, { lastLoginAt: now, emailVerified }) as User;
  return {
    user,
    async openSession(membership) {
      const { organizationId } = membership;
      const { id: sessionId } = unit.change('session', registered.session, { organizationId });
      const { grant, store } = await createGrant(ctx, { user, sessionId, membership });
      return {
        grant,
        actor: createUserActor(user.id, sessionId, membership),
        statements: (q) => [...unit.statements(q), store(q)],
      };
    },
  };
}
