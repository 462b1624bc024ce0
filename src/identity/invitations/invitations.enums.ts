/** The stored statuses. A pending invitation that has expired remains `pending` in the table. */
export const INVITATION_STATUSES = ['pending', 'accepted', 'revoked'] as const;

/** The statuses that the API shows: `expired` is a pending invitation after its expiry. */
export const EFFECTIVE_INVITATION_STATUSES = ['pending', 'accepted', 'revoked', 'expired'] as const;
export type EffectiveInvitationStatus = (typeof EFFECTIVE_INVITATION_STATUSES)[number];
