import { and, asc, eq, sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  inTurn,
  isAfter,
  mustChange,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { phoneTrunkErrors } from './phone-trunks.errors.ts';
import { type PhoneTrunk, phoneTrunks } from './phone-trunks.tables.ts';

export const MAX_TRUNKS = 20;

export const selectTrunks = (
  q: Queries,
  organizationId: string,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(phoneTrunks)
    .where(and(eq(phoneTrunks.organizationId, organizationId), isAfter(phoneTrunks.id, after)))
    .orderBy(asc(phoneTrunks.id))
    .limit(limit + 1);

export const selectTrunk = (q: Queries, organizationId: string, trunkId: string) =>
  q
    .select()
    .from(phoneTrunks)
    .where(and(eq(phoneTrunks.organizationId, organizationId), eq(phoneTrunks.id, trunkId)));

/** Inserts a trunk, if the plan of the organization has telephony. */
export const insertTrunk = (q: Queries, row: PhoneTrunk): Statement[] => [
  ...insertWithin(q, phoneTrunks, row, { most: MAX_TRUNKS, error: phoneTrunkErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'telephony' }),
];

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeTrunk = (q: Queries, row: PhoneTrunk, set: Partial<PhoneTrunk>) =>
  changeVersioned(q, phoneTrunks, row, set);

export const deleteTrunkRow = (q: Queries, row: PhoneTrunk) => deleteVersioned(q, phoneTrunks, row);

/** Trunks whose password is encrypted with another key of the product than the newest. */
export const selectOutdatedPasswords = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select({
      id: phoneTrunks.id,
      organizationId: phoneTrunks.organizationId,
      sealedPassword: phoneTrunks.sealedPassword,
    })
    .from(phoneTrunks)
    .where(sql`split_part(${phoneTrunks.sealedPassword}, '.', 2) <> ${newestKeyId}`)
    .orderBy(inTurn(phoneTrunks.id, now))
    .limit(limit);

/** Stores the same password in another encryption, unless it was replaced meanwhile (`request.stale`). */
export const replaceSealedPassword = (
  q: Queries,
  { id, organizationId, sealedPassword: old }: { id: string; organizationId: string; sealedPassword: string },
  sealedPassword: string,
) =>
  mustChange(
    q,
    q
      .update(phoneTrunks)
      .set({ sealedPassword })
      .where(
        and(
          eq(phoneTrunks.organizationId, organizationId),
          eq(phoneTrunks.id, id),
          eq(phoneTrunks.sealedPassword, old),
        ),
      )
      .returning({ id: phoneTrunks.id }),
    requestErrors.stale,
  );
