import { type Services, systemScope } from '../../kernel/context/index.ts';
import type { Role } from '../../identity/access/index.ts';
import type { InboxOwner } from '../inbox/index.ts';
import { selectActiveRole, selectOpenSessions } from './inbox-session.queries.ts';

/** A person's current membership and sessions, which may differ from those when they connected. */
export interface CredentialStatus {
  /** Null when they are no longer an active member. */
  role: Role | null;
  /** Those of the sessions that are still open. */
  openSessions: string[];
}

/** Reads them in the system's scope, because sessions belong to no organization. */
export async function readCredentialStatus(
  { database, clock }: Services,
  { organizationId, userId }: InboxOwner,
  sessionIds: readonly string[],
): Promise<CredentialStatus> {
  const [[member], open] = await database.read(systemScope, (q) => [
    selectActiveRole(q, organizationId, userId),
    selectOpenSessions(q, userId, sessionIds, new Date(clock.now())),
  ]);
  return { role: member?.role ?? null, openSessions: open.map(({ id }) => id) };
}
