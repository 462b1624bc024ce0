const DAY_MS = 86_400_000;

/** Days for which a deleted organization can be reopened; then its rows are erased. */
export const REOPEN_DAYS = 30;

/** Organizations deleted at this moment or before can no longer be reopened. */
export const reopenableSince = (nowMs: number): Date => new Date(nowMs - REOPEN_DAYS * DAY_MS);

export const erasesAt = (deletedAt: Date): Date => new Date(deletedAt.getTime() + REOPEN_DAYS * DAY_MS);
