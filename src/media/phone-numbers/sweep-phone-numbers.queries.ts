import { and, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { phoneNumbers } from './phone-numbers.tables.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Each number in one minute of an hour: its plan may have lost or got telephony. */
const isItsMinute = (now: Date): SQL =>
  sql`mod(hashtext(${phoneNumbers.id}) & 2147483647, 60) = ${Math.floor((now.getTime() % HOUR_MS) / MINUTE_MS)}`;

const isDue = (now: Date): SQL =>
  or(
    and(eq(phoneNumbers.isSent, false), inArray(phoneNumbers.state, ['requested', 'ready'])),
    isNotNull(phoneNumbers.begunAt),
    and(eq(phoneNumbers.enabled, false), isNotNull(phoneNumbers.clusterTrunk)),
    and(isNotNull(organizations.deletedAt), isNotNull(phoneNumbers.clusterTrunk)),
    and(isNull(organizations.deletedAt), isItsMinute(now)),
  )!;

/** Numbers of all organizations that may have to change at their cluster, each in its turn. */
export const selectPhoneNumbersToSweep = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: phoneNumbers.id, organizationId: phoneNumbers.organizationId })
    .from(phoneNumbers)
    .innerJoin(organizations, eq(organizations.id, phoneNumbers.organizationId))
    .where(isDue(now))
    .orderBy(inTurn(phoneNumbers.id, now))
    .limit(limit);

/** Selects rows that are at a cluster, or may be about to be. */
export const selectNumbersOfCluster = (q: Queries, cluster: string) =>
  q
    .select({
      id: phoneNumbers.id,
      organizationId: phoneNumbers.organizationId,
      ref: phoneNumbers.clusterTrunk,
      begunAt: phoneNumbers.begunAt,
    })
    .from(phoneNumbers)
    .where(
      and(
        eq(phoneNumbers.cluster, cluster),
        or(isNotNull(phoneNumbers.clusterTrunk), isNotNull(phoneNumbers.begunAt)),
      ),
    );

/** Those of the organizations that this database has. */
export const selectKnownOrganizations = (q: Queries, ids: readonly string[]) =>
  q
    .select({ id: organizations.id })
    .from(organizations)
    .where(inArray(organizations.id, [...new Set(ids)]));

/** Numbers whose password is encrypted with another key of the product than the newest. */
export const selectOutdatedPasswords = (q: Queries, newestKeyId: string, now: Date, limit: number) =>
  q
    .select({
      id: phoneNumbers.id,
      organizationId: phoneNumbers.organizationId,
      sealedPassword: phoneNumbers.sealedPassword,
    })
    .from(phoneNumbers)
    .where(sql`split_part(${phoneNumbers.sealedPassword}, '.', 2) <> ${newestKeyId}`)
    .orderBy(inTurn(phoneNumbers.id, now))
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
      .update(phoneNumbers)
      .set({ sealedPassword })
      .where(
        and(
          eq(phoneNumbers.organizationId, organizationId),
          eq(phoneNumbers.id, id),
          eq(phoneNumbers.sealedPassword, old),
        ),
      )
      .returning({ id: phoneNumbers.id }),
    requestErrors.stale,
  );
