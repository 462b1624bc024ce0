import { presentUser } from '../users/index.ts';
import type { SessionGrant } from './create-grant.ts';
import type { OwnSession } from './read-sessions.ts';
import type { GrantView, SessionView } from './sessions.schemas.ts';

/** The response to signing in. */
export function presentGrant({ user, ...tokens }: SessionGrant): GrantView {
  return { user: presentUser(user), ...tokens };
}

/** A session as its user sees it; `updatedAt` is when it was last refreshed. */
export function presentSession({ session, current }: OwnSession): SessionView {
  return {
    id: session.id,
    current,
    organizationId: session.organizationId,
    ip: session.ip,
    userAgent: session.userAgent,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.updatedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
