import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  selectLastSession,
  selectUser,
  selectCredentials,
  selectActiveMemberships,
  recordLogin,
  type Session,
  type User,
  userIdOfEmail,
} from './accounts.queries.ts';
import { chooseMembership, type ActiveMembership } from './accounts.rules.ts';
import type { LogIn } from './accounts.schemas.ts';
import { engineErrorCode, createEngine } from './engine.ts';
import { systemScopeOf, type Grant, createGrant, createUserActor } from './create-grant.ts';
import { UnitOfWork } from './unit-of-work.ts';

/**
 * The engine's part: checks the password, at the same cost for an address that nobody has, and begins a session. A
 * password that is stored at another cost than today's is hashed again.
 */
async function authenticate(ctx: Ctx, unit: UnitOfWork, { email, password }: LogIn): Promise<Session> {
  const engine = await createEngine(ctx, unit, { email });
  const { user } = await engine.api.signInEmail({ body: { email, password } });
  if (engine.isHashOutdated())
    await engine.context.internalAdapter.updatePassword(
      user.id,
      await engine.context.password.hash(password),
    );
  return unit.requireCreated('session') as Session;
}

/** Said after the answer has gone: writing it before would tell a known address from an unknown one by the time. */
function recordFailedLogin(ctx: Ctx, user: User | undefined, membership: ActiveMembership | null): void {
  if (!user || !membership) return;
  ctx.after('accounts.login_failed', () =>
    ctx.commit({
      scope: systemScopeOf(membership.organizationId),
      skipIdempotencyRecord: true,
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
  const userId = userIdOfEmail(input.email);
  const [users, credentials, memberships, [lastSession]] = await ctx.read(
    (q) => [
      selectUser(q, userId),
      selectCredentials(q, userId),
      selectActiveMemberships(q, userId),
      selectLastSession(q, userId),
    ],
    systemScope,
  );
  const [user] = users;
  const membership = chooseMembership(memberships, lastSession?.organizationId);
  const unit = new UnitOfWork(ctx);
  unit.preload('user', { email: input.email }, users);
  if (user) {
    unit.preload('account', { userId: user.id }, credentials);
    const passwordCredentials = credentials.filter(
      ({ providerId, accountId }) => providerId === 'credential' && accountId === user.id,
    );
    unit.preload(
      'account',
      { userId: user.id, providerId: 'credential', accountId: user.id },
      passwordCredentials,
    );
  }
  let session: Session;
  try {
    session = await authenticate(ctx, unit, input);
  } catch (error) {
    if (engineErrorCode(error) !== 'INVALID_EMAIL_OR_PASSWORD') throw error;
    recordFailedLogin(ctx, user, membership);
    throw accountErrors.invalidCredentials({ cause: error });
  }
  return commitSignIn(ctx, unit, user!, session, membership);
}

/** Stores what the proof led to, and hands out the tokens. */
async function commitSignIn(
  ctx: Ctx,
  unit: UnitOfWork,
  user: User,
  session: Session,
  membership: ActiveMembership | null,
): Promise<Grant> {
  const now = new Date(ctx.clock.now());
  const organizationId = membership?.organizationId ?? null;
  const { id: sessionId } = unit.change('session', session, { organizationId });
  const { grant, store } = await createGrant(ctx, {
    user: { ...user, lastLoginAt: now },
    sessionId,
    membership,
  });
  return ctx.commit({
    scope: systemScopeOf(organizationId),
    actor: createUserActor(user.id, sessionId, membership),
    write: (q) => [...unit.statements(q), recordLogin(q, user.id, now), store(q)],
    audit: organizationId
      ? [{ action: 'user.logged_in', target: { type: 'user', id: user.id }, after: { sessionId } }]
      : [],
    result: grant,
  });
}
