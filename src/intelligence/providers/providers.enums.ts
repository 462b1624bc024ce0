/** The providers of language models that an organization can have a key for. */
export const KEYED_PROVIDERS = ['anthropic', 'openai', 'google'] as const;
export type KeyedProviderName = (typeof KEYED_PROVIDERS)[number];

/** The providers whose models are in the catalogue. */
const CATALOGUE_PROVIDERS = [...KEYED_PROVIDERS, 'cloudflare'] as const;
/** A provider that an organization names itself: what the names of all of them begin with. */
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
 * How a provider can fail, one vocabulary for all of them. `busy`, `overloaded` and `unavailable` say that nothing was produced;
 * `cut`, `stalled`, `malformed` and `too_large` that an answer began and did not end as it must.
 */
export const FAILURE_KINDS = [
  /** The key is not valid, or may not use the model. */
  'key_refused',
  /** The provider does not take the request: the caller must change it. */
  'request_refused',
  /** The account at the provider has no credit left. */
  'no_credit',
  /** A rate limit of the provider. */
  'busy',
  /** The provider as a whole has no capacity. */
  'overloaded',
  /** No connection, or a failure of the provider. */
  'unavailable',
  /** No answer, or no more of it, for too long. */
  'stalled',
  /** The connection ended in the middle of an answer. */
  'cut',
  /** An answer that is not in the provider's own format. */
  'malformed',
  /** An answer, or one line of it, of more bytes than any answer needs. */
  'too_large',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why a model stopped. `refusal`: it declined to answer, which is an answer of its own. */
export const STOP_REASONS = ['end', 'max_tokens', 'tool_calls', 'stop_sequence', 'refusal'] as const;
export type StopReason = (typeof STOP_REASONS)[number];
