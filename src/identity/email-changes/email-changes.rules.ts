import type { emailChanges } from './email-changes.tables.ts';

export const CONFIRM_SECONDS = 86_400;
export const UNDO_SECONDS = 7 * 86_400;
/** A notice is sent with the request: its link stops the change before, and undoes it after the confirmation. */
export const STOP_LINK_SECONDS = CONFIRM_SECONDS + UNDO_SECONDS;

export type EmailChange = typeof emailChanges.$inferSelect;

const isCurrent = ({ expiresAt }: EmailChange, nowMs: number) => expiresAt.getTime() > nowMs;

/**
 * Whether the new address can still confirm: the change is neither confirmed nor expired, and the user has the address and the
 * password with which they requested it, and keeps the account. A password that was reset by the old address ends the change.
 */
export function isConfirmable(
  change: EmailChange,
  user: { email: string; deletesAt: Date | null },
  credential: { updatedAt: Date } | undefined,
  nowMs: number,
): boolean {
  const isOlderThanPassword = credential !== undefined && change.createdAt < credential.updatedAt;
  return (
    change.confirmedAt === null &&
    isCurrent(change, nowMs) &&
    user.deletesAt === null &&
    change.oldEmail === user.email &&
    !isOlderThanPassword
  );
}

/** Whether the owner of the old address can stop or undo the change, also after a further change of the address. */
export const isStoppable = (change: EmailChange, nowMs: number): boolean =>
  change.oldEmailVerified && isCurrent(change, nowMs);
