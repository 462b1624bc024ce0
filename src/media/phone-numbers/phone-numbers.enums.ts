/** Whether a number takes calls. */
export const PHONE_NUMBER_STATES = ['requested', 'ready', 'off', 'failed'] as const;
export type PhoneNumberState = (typeof PHONE_NUMBER_STATES)[number];

/** Why it takes none. */
export const PHONE_NUMBER_REASONS = [
  'disabled',
  'not_included',
  'organization_deleted',
  'no_cluster',
  'refused',
  'password_unreadable',
] as const;
export type PhoneNumberReason = (typeof PHONE_NUMBER_REASONS)[number];
