/** What a plan limits in number; each is counted where it is created. */
export const LIMITS = [
  'members',
  'pending_invitations',
  'api_keys',
  'rooms',
  'room_capacity',
  'links',
  'files',
  'storage_bytes',
  'file_bytes',
  'running_recordings',
  'running_phone_calls',
  'hourly_phone_calls',
  'memories',
  'running_generations',
] as const;
export type EntitlementLimit = (typeof LIMITS)[number];

/** What an organization may do or not, whatever it has left. */
export const FEATURES = [
  'breakouts',
  'compression',
  'guest_links',
  'recordings',
  'live_streams',
  'ingresses',
  'telephony',
  'platform_models',
  'speech',
  'agents',
  'captions',
  'meeting_workflows',
] as const;
export type Feature = (typeof FEATURES)[number];

/** The meters of which a plan includes an amount each month: only what a module counts. */
export const INCLUDED_METERS = ['participant_minutes'] as const;
export type IncludedMeter = (typeof INCLUDED_METERS)[number];

/** What becomes of usage beyond what a plan includes. */
export const BEYOND_INCLUDED = ['refused', 'charged'] as const;
export type BeyondIncluded = (typeof BEYOND_INCLUDED)[number];

/**
 * limit: a value in place of that of the plan. feature: 1 switches it on, 0 off. credit: an amount on top of what is included
 * in each month.
 */
export const GRANT_KINDS = ['limit', 'feature', 'credit'] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];
