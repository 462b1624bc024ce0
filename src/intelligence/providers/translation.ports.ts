import type { TokenUsage } from './usage.ports.ts';

export interface TranslationRequest {
  texts: readonly string[];
  /** BCP 47; null: the provider finds out. */
  from: string | null;
  /** BCP 47. */
  to: string;
  /** What stands around the texts: it helps to find out their language, and is not translated. */
  context?: string | undefined;
}

export interface TranslationResult {
  /** One for each text, in their order. */
  texts: readonly string[];
  /** The language that was found; null where the provider does not say. */
  from: string | null;
  /** Null where the provider counts characters. */
  tokens: TokenUsage | null;
  /** Characters that the provider counted; null where it counts tokens. */
  characters: number | null;
}

/** Languages between which a provider translates, in this direction. */
export interface LanguagePair {
  from: string;
  to: string;
}

export interface TranslationProvider {
  /** @throws ProviderFailure */
  translate(request: TranslationRequest, signal: AbortSignal): Promise<TranslationResult>;
  /** What it can translate. @throws ProviderFailure */
  listLanguages(signal: AbortSignal): Promise<readonly LanguagePair[]>;
}
