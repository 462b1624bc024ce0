import { permissionsOfRole } from '../../identity/access/index.ts';
import type { KeepAlive, Services } from '../../kernel/context/index.ts';
import { requirePermission, retryStale } from '../../kernel/core/index.ts';
import { openSocketCtx } from '../../realtime/sockets/index.ts';
import type { InboxVerb, InboxVerbFrame } from './define-inbox-verb.ts';
import type { InboxServerFrame } from './inbox-frames.schemas.ts';
import type { InboxClaims } from './inbox.ports.ts';

/** Attempts of a verb whose commit meets a concurrent change. */
const MAX_ATTEMPTS = 3;

/**
 * Calls the verb of a frame for the person behind the connection.
 * @returns a frame to send before the ack; undefined for none
 * @throws AppError `auth.forbidden`, or what the verb refuses with
 */
export async function callInboxVerb(
  services: Services,
  { permission, handle }: InboxVerb,
  { userId, organizationId, sessionId, role }: InboxClaims,
  connectionId: string,
  frame: InboxVerbFrame,
  keepAlive: KeepAlive,
): Promise<InboxServerFrame | undefined> {
  const permissions = permissionsOfRole(role);
  // The plan may change while the socket is open, and nothing that a frame does depends on it.
  const actor = { kind: 'user' as const, userId, sessionId, organizationId, role, plan: null, permissions };
  if (permission !== null) requirePermission(actor, permission);
  const ctx = openSocketCtx(services, actor, keepAlive);
  return retryStale(MAX_ATTEMPTS, () => handle(ctx, frame as never, connectionId));
}
