import { authErrors } from '../../kernel/core/index.ts';
import type { InboxClaims } from '../inbox/index.ts';
import { requiredClose } from './connection.rules.ts';
import type { InboxCore } from './inbox-core.ts';
import type { InboxRuntime } from './inbox-runtime.ts';
import { type InboxSockets, saveConnection } from './inbox-sockets.ts';

/**
 * Checks connections against their sessions and the membership: closes those that lost either, updates the role.
 * @throws whatever the read throws
 */
export async function recheckConnections(
  runtime: InboxRuntime,
  { owner }: Pick<InboxCore, 'owner'>,
  sockets: InboxSockets,
): Promise<void> {
  const sessionIds = [...new Set(sockets.listOpen().map(({ connection }) => connection.claims.sessionId))];
  if (!owner || sessionIds.length === 0) return;
  const status = await runtime.services().readCredentialStatus(owner, sessionIds);
  for (const { socket, connection } of sockets.listOpen()) {
    const { claims } = connection;
    // A connection opened during the read was checked as it opened.
    if (!sessionIds.includes(claims.sessionId)) continue;
    const closeName = requiredClose(connection, status, runtime.clock.now());
    if (closeName) sockets.close(socket, closeName);
    else saveConnection(socket, { ...connection, claims: { ...claims, role: status.role } });
  }
}

/**
 * The claims of a ticket with the person's present role.
 * @throws AppError `auth.invalid_token` when the session or the membership has ended since the ticket was created
 */
export async function proveClaims(runtime: InboxRuntime, claims: InboxClaims): Promise<InboxClaims> {
  const { sessionId } = claims;
  const { role, openSessions } = await runtime.services().readCredentialStatus(claims, [sessionId]);
  if (role === null || !openSessions.includes(sessionId)) throw authErrors.invalidToken();
  return { ...claims, role };
}
