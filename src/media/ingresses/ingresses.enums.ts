/** How media come in: a sender pushes them by RTMP or WHIP, or they are read from a URL. */
export const INGRESS_KINDS = ['rtmp', 'whip', 'url'] as const;
export type IngressKind = (typeof INGRESS_KINDS)[number];

export const INGRESS_STATES = ['requested', 'idle', 'connecting', 'active', 'ended', 'failed'] as const;
export type IngressState = (typeof INGRESS_STATES)[number];

/** Why an organization may have nobody else in its calls for now. */
export const REFUSALS = ['minutes_used_up', 'over_budget', 'too_many'] as const;

/** Why nothing can come in by an ingress that is idle. */
export const IDLE_REASONS = [
  'no_call',
  'other_cluster',
  'disabled',
  'removed',
  ...REFUSALS,
  'not_included',
  'room_deleted',
  'organization_deleted',
] as const;
export type IdleReason = (typeof IDLE_REASONS)[number];

/** Why an ingress is in its state, where the state alone does not say it. */
export const INGRESS_REASONS = [
  ...IDLE_REASONS,
  'address_refused',
  'refused',
  'no_worker',
  'source_failed',
  'lost',
] as const;
export type IngressReason = (typeof INGRESS_REASONS)[number];
