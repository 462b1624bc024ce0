import type { FailureKind } from '../providers/index.ts';

/** The features that ask models. */
export const GENERATION_FEATURES = [
  'api',
  'batches',
  'agents',
  'summaries',
  'teams',
  'workflows',
  'moderation',
  'questions',
  'memory',
  'translations',
] as const;
export type GenerationFeature = (typeof GENERATION_FEATURES)[number];

export const GENERATION_STATUSES = ['running', 'completed', 'failed', 'cancelled'] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

/** How complete the usage is: final figures of the provider, figures of an answer that was cut off, or none. */
export const USAGE_STATES = ['exact', 'partial', 'none'] as const;
export type UsageState = (typeof USAGE_STATES)[number];

/** Why the gateway itself ends a generation, in addition to the failures of providers. */
const GATEWAY_FAILURES = [
  'not_configured',
  'access_ended',
  'out_of_budget',
  'out_of_time',
  'interrupted',
  'output_too_large',
] as const;

const PROVIDER_FAILURES = [
  'key_refused',
  'request_refused',
  'no_credit',
  'busy',
  'overloaded',
  'unavailable',
  'stalled',
  'cut',
  'malformed',
  'too_large',
] as const satisfies readonly FailureKind[];

/** Why a model did not answer when it was tried. */
export const ATTEMPT_FAILURES = [...PROVIDER_FAILURES, 'breaker_open', 'slower'] as const;
export type AttemptFailure = (typeof ATTEMPT_FAILURES)[number];

export const GENERATION_FAILURES = [...GATEWAY_FAILURES, ...PROVIDER_FAILURES] as const;
export type GenerationFailure = (typeof GENERATION_FAILURES)[number];
