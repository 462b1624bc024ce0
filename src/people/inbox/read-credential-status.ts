import { type Services, systemScope } from '../../kernel/context/index.ts';
import type { Role } from '../../identity/access/index.ts';
import { selectActiveRole, selectOpenSessions } from './inbox.queries.ts';
import type { InboxOwner } from './inbox-core.ts';

/** How a person stands now, whatever their devices' credentials said when they connected. */
export interface CredentialStatus {
  /** Null when they are no active member any more. */
  role: Role | null;
  /** Of the sessions asked about, those that are still open. */
  openSessions: string[];
}

/** In the system's scope: sessions belong to no organization. */
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
