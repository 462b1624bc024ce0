import { type Services, systemScope } from '../../platform/context/index.ts';
import type { Role } from '../../identity/access/index.ts';
import { findActiveRole, findOpenSessions } from './inbox.queries.ts';
import type { Owner } from './keeper.ts';

/** How a person stands now, whatever their devices' credentials said when they connected. */
export interface Standing {
  /** Null when they are no active member any more. */
  role: Role | null;
  /** Of the sessions asked about, those that are still open. */
  openSessions: string[];
}

/** In the system's scope: sessions belong to no organization. */
export async function readStanding(
  { database, clock }: Services,
  { organizationId, userId }: Owner,
  sessionIds: readonly string[],
): Promise<Standing> {
  const [[member], open] = await database.read(systemScope, (q) => [
    findActiveRole(q, organizationId, userId),
    findOpenSessions(q, userId, sessionIds, new Date(clock.now())),
  ]);
  return { role: member?.role ?? null, openSessions: open.map(({ id }) => id) };
}
