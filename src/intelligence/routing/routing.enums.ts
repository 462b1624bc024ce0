/** Why a model is not asked, in the order in which the reasons are looked for. */
export const PASSED_OVER = [
  /** The preferences of the organization or the person do not allow it. */
  'not_allowed',
  /** It cannot do what the request needs. */
  'not_able',
  /** The input is likely to have more tokens than it takes. */
  'context_too_small',
  /** It gives no answer as long as the request asks for. */
  'output_too_small',
  /** Its provider may have ended it. */
  'ended',
  /** There is no key for its provider, neither of the organization nor of the platform. */
  'no_key',
  /** The plan does not include models on a key of the platform. */
  'not_in_plan',
  /** It has failed again and again, and is not asked for a while. */
  'breaker_open',
  /** What it costs is not known, and must be. */
  'price_unknown',
  /** The answer may cost more than the preferences allow. */
  'too_dear',
  /** Too few of its recent answers were measured to call it fast. */
  'not_measured',
  /** As many come before it as are asked at most. */
  'chain_full',
] as const;
export type PassedOver = (typeof PASSED_OVER)[number];
