/**
 * The capabilities of a model beside text. `adaptive_reasoning`: it decides how much it reasons; `caching`: the
 * provider can cache input; `output_schema`: its answer satisfies a JSON schema.
 */
export const MODEL_CAPABILITIES = [
  'tools',
  'images',
  'reasoning',
  'adaptive_reasoning',
  'caching',
  'output_schema',
] as const;
export type ModelCapability = (typeof MODEL_CAPABILITIES)[number];

/** The meters of tokens: usage, prices and budgets have these names. */
export const TOKEN_METERS = [
  'ai_input_tokens',
  'ai_output_tokens',
  'ai_cache_read_tokens',
  'ai_cache_write_tokens',
  'ai_cache_write_hour_tokens',
] as const;
export type TokenMeter = (typeof TOKEN_METERS)[number];
