/** Why a model is not asked, in the order in which the reasons are checked. */
export const PASSED_OVER = [
  /** The preferences of the organization or the person do not allow it. */
  'not_allowed',
  /** It cannot do what the request needs. */
  'not_able',
  /** The input is likely to have more tokens than the model accepts. */
  'context_too_small',
  /** The longest answer of the model is shorter than the request allows. */
  'output_too_small',
  /** Its provider may have ended it. */
  'ended',
  /** Neither the organization nor the platform has a key for its provider. */
  'no_key',
  /** The plan does not include models on a key of the platform. */
  'not_in_plan',
  /** It has failed repeatedly, and is not asked for a while. */
  'breaker_open',
  /** Its price must be known, and is not. */
  'price_unknown',
  /** The answer may cost more than the preferences allow. */
  'too_dear',
  /** Too few of its recent answers were measured to rank it by speed. */
  'not_measured',
  /** Enough other models come before it. */
  'chain_full',
] as const;
export type PassedOver = (typeof PASSED_OVER)[number];
