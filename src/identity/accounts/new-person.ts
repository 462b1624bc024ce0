import type { Ctx } from '../../platform/context/index.ts';
import type { Actor } from '../../platform/core/index.ts';
import type { Queries, Statement } from '../../platform/db/index.ts';
import { accountErrors } from './accounts.errors.ts';
import type { Session, User } from './accounts.queries.ts';
import type { Membership } from './accounts.rules.ts';
import type { SignUp } from './accounts.schemas.ts';
import { engineRefusal, openEngine } from './engine.ts';
import { type Grant, newGrant, provenActor } from './grants.ts';
import { UnitOfWork } from './unit-of-work.ts';

/** A first session: what it gives, who it proves to be there, and what stores the person and it. */
export interface Entry {
  grant: Grant;
  actor: Actor;
  statements(q: Queries): Statement[];
}

/** A person with a credential, none of it stored yet. */
export interface NewPerson {
  user: User;
  /** Signs them in to their first organization. */
  enter(membership: Membership): Promise<Entry>;
}

export interface NewPersonOptions {
  /** The rows of who has the address already, as the verb has read them. */
  known: readonly User[];
  /** Whether the call itself proves that they read the mails of their address. */
  emailVerified: boolean;
}

/** The engine's part: the person, their credential and their first session. */
async function register(ctx: Ctx, unit: UnitOfWork, { email, password, name }: SignUp) {
  const engine = await openEngine(ctx, unit, { email });
  try {
    await engine.api.signUpEmail({ body: { email, password, name } });
  } catch (error) {
    const taken = engineRefusal(error) === 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
    throw taken ? accountErrors.emailTaken({ cause: error }) : error;
  }
  return { user: unit.created('user') as User, session: unit.created('session') as Session };
}

/**
 * Prepares an account, for a verb that commits it with an organization to be in. The verb maps a violated
 * `users_email_key` to `accounts.email_taken`.
 * @throws AppError `accounts.email_taken` or `server.unavailable`
 */
export async function newPerson(
  ctx: Ctx,
  input: SignUp,
  { known, emailVerified }: NewPersonOptions,
): Promise<NewPerson> {
  const unit = new UnitOfWork(ctx);
  unit.know('user', { email: input.email }, known);
  const made = await register(ctx, unit, input);
  const now = new Date(ctx.clock.now());
  const user = unit.change('user', made.user, { lastLoginAt: now, emailVerified }) as User;
  return {
    user,
    async enter(membership) {
      const { organizationId } = membership;
      const { id: sessionId } = unit.change('session', made.session, { organizationId });
      const { grant, store } = await newGrant(ctx, { user, sessionId, membership });
      return {
        grant,
        actor: provenActor(user.id, sessionId, membership),
        statements: (q) => [...unit.statements(q), store(q)],
      };
    },
  };
}
