export type * from './batches.ports.ts';
export type * from './chat.ports.ts';
export type * from './embeddings.ports.ts';
export type * from './hosted-speech.ports.ts';
export type * from './sound-sources.ports.ts';
export type * from './speech.ports.ts';
export type * from './translation.ports.ts';
export type * from './usage.ports.ts';
export { askChat } from './ask-chat.ts';
export { readLines } from './read-lines.ts';
export { createGuardedFetch, DEFAULT_LIMITS, type ResponseLimits } from './guard-response.ts';
export { readEvents } from './read-events.ts';
export { proofOf, sign, UNSIGNED } from './signatures.rules.ts';
export { checkedUsage } from './usage.rules.ts';
export { type FailureDetails, ProviderFailure } from './provider-failure.rules.ts';
export {
  type AiProviderName,
  type CatalogueProviderName,
  customProviderName,
  type CustomProviderName,
  type FailureKind,
  isCustomProvider,
  KEYED_PROVIDERS,
  type KeyedProviderName,
  ownNameOf,
  STOP_REASONS,
  type StopReason,
} from './providers.enums.ts';
