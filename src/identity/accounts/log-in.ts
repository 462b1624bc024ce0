import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  findLastSession,
  findUser,
  listCredentials,
  listMemberships,
  noteLogin,
  type Session,
  type User,
  userIdOfEmail,
} from './accounts.queries.ts';
import { chooseMembership, type Membership } from './accounts.rules.ts';
import type { LogIn } from './accounts.schemas.ts';
import { engineRefusal, openEngine } from './engine.ts';
import { accountScope, type Grant, newGrant, provenActor } from './grants.ts';
import { UnitOfWork } from './unit-of-work.ts';

/**
 * The engine's part: checks the password, at the same cost for an address that nobody has, and begins a session. A
 * password that is stored at another cost than today's is hashed again.
 */
async function prove(ctx: Ctx, unit: UnitOfWork, { email, password }: LogIn): Promise<Session> {
  const engine = await openEngine(ctx, unit, { email });
  const { user } = await engine.api.signInEmail({ body: { email, password } });
  if (engine.isHashOutdated())
    await engine.context.internalAdapter.updatePassword(
      user.id,
      await engine.context.password.hash(password),
    );
  return unit.created('session') as Session;
}

/** Said after the answer has gone: writing it before would tell a known address from an unknown one by the time. */
function noteFailure(ctx: Ctx, user: User | undefined, membership: Membership | null): void {
  if (!user || !membership) return;
  ctx.after('accounts.login_failed', () =>
    ctx.commit({
      scope: accountScope(membership.organizationId),
      refused: true,
      write: () => [],
      audit: { action: 'user.login_failed', severity: 'warning', target: { type: 'user', id: user.id } },
      result: undefined,
    }),
  );
}

/**
 * Signs a person in, into the organization they were in last, else the one they joined first.
 * @throws AppError `accounts.invalid_credentials`, the same for a wrong password and an unknown address
 * @throws AppError `server.unavailable`
 */
export async function logIn(ctx: Ctx, input: LogIn): Promise<Grant> {
  const whose = userIdOfEmail(input.email);
  const [known, credentials, memberships, [last]] = await ctx.read(
    (q) => [
      findUser(q, whose),
      listCredentials(q, whose),
      listMemberships(q, whose),
      findLastSession(q, whose),
    ],
    systemScope,
  );
  const [user] = known;
  const membership = chooseMembership(memberships, last?.organizationId);
  const unit = new UnitOfWork(ctx);
  unit.know('user', { email: input.email }, known);
  if (user) {
    unit.know('account', { userId: user.id }, credentials);
    const own = credentials.filter(
      ({ providerId, accountId }) => providerId === 'credential' && accountId === user.id,
    );
    unit.know('account', { userId: user.id, providerId: 'credential', accountId: user.id }, own);
  }
  let begun: Session;
  try {
    begun = await prove(ctx, unit, input);
  } catch (error) {
    if (engineRefusal(error) !== 'INVALID_EMAIL_OR_PASSWORD') throw error;
    noteFailure(ctx, user, membership);
    throw accountErrors.invalidCredentials({ cause: error });
  }
  return enter(ctx, unit, user!, begun, membership);
}

/** Stores what the proof led to, and hands out the tokens. */
async function enter(
  ctx: Ctx,
  unit: UnitOfWork,
  user: User,
  begun: Session,
  membership: Membership | null,
): Promise<Grant> {
  const now = new Date(ctx.clock.now());
  const organizationId = membership?.organizationId ?? null;
  const { id: sessionId } = unit.change('session', begun, { organizationId });
  const { grant, store } = await newGrant(ctx, {
    user: { ...user, lastLoginAt: now },
    sessionId,
    membership,
  });
  return ctx.commit({
    scope: accountScope(organizationId),
    actor: provenActor(user.id, sessionId, membership),
    write: (q) => [...unit.statements(q), noteLogin(q, user.id, now), store(q)],
    audit: organizationId
      ? [{ action: 'user.logged_in', target: { type: 'user', id: user.id }, after: { sessionId } }]
      : [],
    result: grant,
  });
}
