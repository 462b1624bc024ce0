import { sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { holdLimit } from '../entitlements/index.ts';
import { invitationErrors } from './invitations.errors.ts';
import { changeInvitation, type InvitationRow } from './invitations.queries.ts';
import { invitations } from './invitations.tables.ts';

/** Fails the commit with `billing.limit_reached` when more invitations would wait than the plan allows. */
export const holdPendingInvitations = (q: Queries, organizationId: string, now: Date) =>
  holdLimit(q, {
    organizationId,
    now,
    limit: 'pending_invitations',
    rows: sql`select from ${invitations} where ${invitations.organizationId} = ${organizationId}
      and ${invitations.status} = 'pending' and ${invitations.expiresAt} > ${now.toISOString()}::timestamptz`,
  });

/**
 * Makes an invitation valid from `set.updatedAt` on. One that had expired waits again and counts against the plan's limit.
 */
export const renewInvitation = (
  q: Queries,
  row: InvitationRow,
  set: Partial<InvitationRow> & Pick<InvitationRow, 'updatedAt'>,
): Statement[] => [
  changeInvitation(q, row, set, invitationErrors.overtaken),
  ...(row.expiresAt <= set.updatedAt ? holdPendingInvitations(q, row.organizationId, set.updatedAt) : []),
];
