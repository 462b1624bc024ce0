/** Things whose number a plan limits; each is counted where it is created. */
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

/** Features that a plan switches on or off, independent of amounts. */
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

/** The meters for which plans include a monthly amount; only meters that a module counts. */
export const INCLUDED_METERS = [
  'participant_minutes',
  'phone_minutes',
  'ai_input_tokens',
  'ai_output_tokens',
  'ai_cache_read_tokens',
  'ai_cache_write_tokens',
  'ai_cache_write_hour_tokens',
  'embedded_tokens',
  'transcription_minutes',
  'caption_minutes',
  'recognized_minutes',
  'spoken_characters',
  'translated_characters',
] as const;
export type IncludedMeter = (typeof INCLUDED_METERS)[number];

const MINUTE = 60_000;
/** How many base units of a meter are one unit of plans and prices. A unit costs whole cents, because payment providers charge no less. */
export const INCLUDED_UNITS: Readonly<Record<IncludedMeter, number>> = {
  participant_minutes: MINUTE,
  phone_minutes: MINUTE,
  ai_input_tokens: 100_000,
  ai_output_tokens: 100_000,
  ai_cache_read_tokens: 100_000,
  ai_cache_write_tokens: 100_000,
  ai_cache_write_hour_tokens: 100_000,
  embedded_tokens: 1_000_000,
  transcription_minutes: MINUTE,
  caption_minutes: MINUTE,
  recognized_minutes: MINUTE,
  spoken_characters: 1_000,
  translated_characters: 1_000,
};

/** The consequence of usage beyond the included amount of a plan. */
export const BEYOND_INCLUDED = ['refused', 'charged'] as const;
export type BeyondIncluded = (typeof BEYOND_INCLUDED)[number];

/**
 * limit: a value in place of that of the plan. feature: 1 switches it on, 0 off. credit: an amount on top of what is included
 * in each month.
 */
export const GRANT_KINDS = ['limit', 'feature', 'credit'] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];
