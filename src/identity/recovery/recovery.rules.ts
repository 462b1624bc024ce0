export const RESET_LINK_SECONDS = 3_600;
export const VERIFICATION_LINK_SECONDS = 3 * 86_400;

/** Whether a reset can be used: it has not expired, and the password has not changed since it was requested. */
export function isPasswordResetUsable(
  passwordReset: { createdAt: Date; expiresAt: Date },
  credential: { updatedAt: Date } | undefined,
  nowMs: number,
): boolean {
  const isOlderThanPassword = credential !== undefined && passwordReset.createdAt < credential.updatedAt;
  return passwordReset.expiresAt.getTime() > nowMs && !isOlderThanPassword;
}
