import type { User } from '../users/index.ts';

const DAY_MS = 86_400_000;

/** Days in which the user can take a deletion back. */
export const GRACE_DAYS = 30;
/** Days after the erasure for which the empty row stays, so that subscribers find what refers to it. */
export const EMPTY_ROW_DAYS = 7;

export const deletionDate = (nowMs: number): Date => new Date(nowMs + GRACE_DAYS * DAY_MS);
export const emptyRowsBefore = (nowMs: number): Date => new Date(nowMs - EMPTY_ROW_DAYS * DAY_MS);

export const ERASED_NAME = 'Deleted user';

/**
 * The fields of an erased user, which do not name or describe a person. No address of the domain `invalid` can exist.
 */
export const erasedUser = (id: string, now: Date): Partial<User> => ({
  email: `${id}@erased.invalid`,
  emailVerified: false,
  name: ERASED_NAME,
  avatarUrl: null,
  bio: null,
  locale: 'en',
  timeZone: 'UTC',
  metadata: {},
  lastLoginAt: null,
  deletesAt: null,
  erasedAt: now,
  updatedAt: now,
});
