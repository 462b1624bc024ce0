import { and, asc, eq, sql } from 'drizzle-orm';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isAfter,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { phoneNumberErrors } from './phone-numbers.errors.ts';
import type { PhoneNumberChange, PhoneNumberGround } from './phone-numbers.rules.ts';
import { type PhoneNumber, phoneNumbers } from './phone-numbers.tables.ts';

export const MAX_PHONE_NUMBERS = 50;

const isNumber = (organizationId: string, phoneNumberId: string) =>
  and(eq(phoneNumbers.organizationId, organizationId), eq(phoneNumbers.id, phoneNumberId));

export const selectPhoneNumbers = (
  q: Queries,
  organizationId: string,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(phoneNumbers)
    .where(and(eq(phoneNumbers.organizationId, organizationId), isAfter(phoneNumbers.id, after)))
    .orderBy(asc(phoneNumbers.id))
    .limit(limit + 1);

export const selectPhoneNumber = (q: Queries, organizationId: string, phoneNumberId: string) =>
  q.select().from(phoneNumbers).where(isNumber(organizationId, phoneNumberId));

/** The numbers of an organization that take calls. */
export const selectReadyNumbers = (q: Queries, organizationId: string) =>
  q
    .select({
      id: phoneNumbers.id,
      number: phoneNumbers.number,
      cluster: phoneNumbers.cluster,
      clusterTrunk: phoneNumbers.clusterTrunk,
    })
    .from(phoneNumbers)
    .where(
      and(
        eq(phoneNumbers.organizationId, organizationId),
        eq(phoneNumbers.state, 'ready'),
        eq(phoneNumbers.enabled, true),
      ),
    )
    .orderBy(asc(phoneNumbers.id));

/** Inserts a number, if the plan of the organization has telephony. */
export const insertPhoneNumber = (q: Queries, row: PhoneNumber): Statement[] => [
  ...insertWithin(q, phoneNumbers, row, { most: MAX_PHONE_NUMBERS, error: phoneNumberErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'telephony' }),
];

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changePhoneNumber = (q: Queries, row: PhoneNumber, set: PhoneNumberChange) =>
  changeVersioned(q, phoneNumbers, row, set);

export const deletePhoneNumberRow = (q: Queries, row: PhoneNumber) => deleteVersioned(q, phoneNumbers, row);

/** What decides the next step of a number at its cluster. */
export interface PhoneNumberToAdvance extends Omit<PhoneNumberGround, 'isClusterThere'> {
  row: PhoneNumber;
}

export const selectPhoneNumberToAdvance = (
  q: Queries,
  organizationId: string,
  phoneNumberId: string,
  now: Date,
) =>
  q
    .select({
      row: phoneNumbers,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isIncluded: sql<boolean>`${entitledToFeature('telephony', { organizationId, now })} = 1`,
    })
    .from(phoneNumbers)
    .innerJoin(organizations, eq(organizations.id, phoneNumbers.organizationId))
    .where(isNumber(organizationId, phoneNumberId));
