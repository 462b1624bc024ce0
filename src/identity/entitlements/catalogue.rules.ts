import { requestRatesOf } from '../../platform/limits/index.ts';
import { FEATURES, INCLUDED_METERS, LIMITS } from './entitlements.enums.ts';
import type { BeyondIncluded, EntitlementLimit, Feature, IncludedMeter } from './entitlements.enums.ts';

/**
 * The terms of one version of a plan. A version that an organization may have is never edited: a change is a new
 * version.
 */
export interface PlanTerms {
  limits: Readonly<Record<EntitlementLimit, number>>;
  features: Readonly<Record<Feature, boolean>>;
  /** Included in each calendar month (UTC), in the units of plans and prices: `INCLUDED_UNITS`. */
  included: Readonly<Record<IncludedMeter, number>>;
  /** The consequence of usage beyond the included amounts: it costs the overage prices, or it is refused. */
  beyondIncluded: BeyondIncluded;
}

/** The included amounts of a custom plan are negotiated, and granted as credits. */
const NOTHING_INCLUDED = Object.fromEntries(INCLUDED_METERS.map((meter) => [meter, 0])) as Record<
  IncludedMeter,
  0
>;
const MB = 1_000_000;
const GB = 1_000 * MB;
const ALL_FEATURES = {
  breakouts: true,
  compression: true,
  guest_links: true,
  recordings: true,
  live_streams: true,
  ingresses: true,
  telephony: true,
  platform_models: true,
  speech: true,
  agents: true,
  captions: true,
  meeting_workflows: true,
} as const;
const ENTERPRISE_LIMITS = {
  members: 5_000,
  pending_invitations: 1_000,
  api_keys: 500,
  rooms: 10_000,
  room_capacity: 1_000,
  links: 10_000,
  files: 1_000_000,
  storage_bytes: 1_000 * GB,
  file_bytes: GB,
  running_recordings: 50,
  running_phone_calls: 50,
  hourly_phone_calls: 1_000,
  memories: 200_000,
  running_generations: 1_000,
} as const;

/** The plans by name, and the versions of each by number. */
const CATALOGUE = {
  free: {
    1: {
      limits: {
        members: 10,
        pending_invitations: 100,
        api_keys: 20,
        rooms: 100,
        room_capacity: 100,
        links: 200,
        files: 10_000,
        storage_bytes: 2 * GB,
        file_bytes: 100 * MB,
        running_recordings: 5,
        running_phone_calls: 2,
        hourly_phone_calls: 20,
        memories: 1_000,
        running_generations: 10,
      },
      features: ALL_FEATURES,
      included: {
        participant_minutes: 1_000,
        phone_minutes: 60,
        ai_input_tokens: 5,
        ai_output_tokens: 1,
        ai_cache_read_tokens: 5,
        ai_cache_write_tokens: 1,
        ai_cache_write_hour_tokens: 1,
        embedded_tokens: 1,
        transcription_minutes: 60,
        caption_minutes: 60,
        recognized_minutes: 60,
        spoken_characters: 20,
        translated_characters: 100,
      },
      beyondIncluded: 'refused',
    },
  },
  pro: {
    1: {
      limits: {
        members: 100,
        pending_invitations: 200,
        api_keys: 100,
        rooms: 2_000,
        room_capacity: 300,
        links: 4_000,
        files: 200_000,
        storage_bytes: 100 * GB,
        file_bytes: GB,
        running_recordings: 20,
        running_phone_calls: 10,
        hourly_phone_calls: 100,
        memories: 20_000,
        running_generations: 200,
      },
      features: ALL_FEATURES,
      included: {
        participant_minutes: 10_000,
        phone_minutes: 1_000,
        ai_input_tokens: 50,
        ai_output_tokens: 10,
        ai_cache_read_tokens: 100,
        ai_cache_write_tokens: 20,
        ai_cache_write_hour_tokens: 10,
        embedded_tokens: 20,
        transcription_minutes: 1_000,
        caption_minutes: 1_000,
        recognized_minutes: 1_000,
        spoken_characters: 500,
        translated_characters: 2_000,
      },
      beyondIncluded: 'charged',
    },
  },
  enterprise: {
    1: {
      limits: ENTERPRISE_LIMITS,
      features: ALL_FEATURES,
      included: {
        participant_minutes: 100_000,
        phone_minutes: 10_000,
        ai_input_tokens: 500,
        ai_output_tokens: 100,
        ai_cache_read_tokens: 1_000,
        ai_cache_write_tokens: 200,
        ai_cache_write_hour_tokens: 100,
        embedded_tokens: 200,
        transcription_minutes: 10_000,
        caption_minutes: 10_000,
        recognized_minutes: 10_000,
        spoken_characters: 5_000,
        translated_characters: 20_000,
      },
      beyondIncluded: 'charged',
    },
  },
  custom: {
    1: {
      limits: ENTERPRISE_LIMITS,
      features: ALL_FEATURES,
      included: NOTHING_INCLUDED,
      beyondIncluded: 'charged',
    },
  },
} as const satisfies Record<string, Record<number, PlanTerms>>;

export type PlanName = keyof typeof CATALOGUE;
export const PLAN_NAMES = Object.keys(CATALOGUE) as PlanName[];

/** The version of the catalogue that new subscribers of a plan get; organizations keep the one they have. */
export const CURRENT_PLAN_VERSION = 1;

/** Most seats that a subscription has beyond the members that its plan includes. */
export const MOST_SEATS = 1_000;

/** The terms of a version of a plan; for an unknown version, the terms of the free plan. */
export function termsOf(plan: PlanName, version: number): PlanTerms {
  return versionsOf(plan)[version] ?? CATALOGUE.free[CURRENT_PLAN_VERSION];
}

/** Every version that there ever was of a plan, by its number. */
export const versionsOf = (plan: PlanName): Readonly<Record<string, PlanTerms>> => CATALOGUE[plan];

/** The terms of a plan for an organization that subscribes to it now, as the API lists them. */
export function describePlan(plan: PlanName) {
  const { limits, features, included, beyondIncluded } = termsOf(plan, CURRENT_PLAN_VERSION);
  return {
    name: plan,
    version: CURRENT_PLAN_VERSION,
    limits: LIMITS.map((name) => ({ name, value: limits[name] })),
    features: FEATURES.map((name) => ({ name, enabled: features[name] })),
    requestsPerMinute: requestRatesOf(plan),
    included: INCLUDED_METERS.map((meter) => ({ meter, amount: included[meter] })),
    beyondIncluded,
  };
}

/** A limit on the current version of the plan that a credential names; that of the free plan for an unknown name. */
export function limitOnPlan(limit: EntitlementLimit, plan: string | null): number {
  const name = PLAN_NAMES.find((each) => each === plan) ?? 'free';
  return termsOf(name, CURRENT_PLAN_VERSION).limits[limit];
}
