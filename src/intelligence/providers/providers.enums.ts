/** The providers of language models for which an organization can have a key. */
export const KEYED_PROVIDERS = ['anthropic', 'openai', 'google'] as const;
export type KeyedProviderName = (typeof KEYED_PROVIDERS)[number];

/** The providers whose models are in the catalogue. */
const CATALOGUE_PROVIDERS = [...KEYED_PROVIDERS, 'cloudflare'] as const;
/** The names of providers that organizations add begin with this. */
const CUSTOM = 'custom:';
export type CustomProviderName = `${typeof CUSTOM}${string}`;
export type CatalogueProviderName = (typeof CATALOGUE_PROVIDERS)[number];
export type AiProviderName = CatalogueProviderName | CustomProviderName;

export const customProviderName = (name: string): CustomProviderName => `${CUSTOM}${name}`;
export const isCustomProvider = (provider: AiProviderName): provider is CustomProviderName =>
  provider.startsWith(CUSTOM);
/** The name that the organization gave it. */
export const ownNameOf = (provider: CustomProviderName): string => provider.slice(CUSTOM.length);

/**
 * How a provider can fail, one vocabulary for all. With `busy`, `overloaded` and `unavailable` nothing was produced;
 * with `cut`, `stalled`, `malformed` and `too_large` an answer began and did not end properly.
 */
export const FAILURE_KINDS = [
  /** The key is not valid, or may not use the model. */
  'key_refused',
  /** The provider refuses the request: the caller must change it. */
  'request_refused',
  /** The account at the provider has no credit left. */
  'no_credit',
  /** A rate limit of the provider. */
  'busy',
  /** The provider as a whole has no capacity. */
  'overloaded',
  /** No connection, or a failure of the provider. */
  'unavailable',
  /** No answer, or no further part of it, for too long. */
  'stalled',
  /** The connection ended in the middle of an answer. */
  'cut',
  /** An answer in a format other than the provider's. */
  'malformed',
  /** An answer, or one line of it, with more bytes than any answer needs. */
  'too_large',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why a model stopped. `refusal`: it declined to answer, which is also an answer. */
export const STOP_REASONS = ['end', 'max_tokens', 'tool_calls', 'stop_sequence', 'refusal'] as const;
export type StopReason = (typeof STOP_REASONS)[number];
