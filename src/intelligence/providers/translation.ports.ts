import type { TokenUsage } from './usage.ports.ts';

export interface TranslationRequest {
  texts: readonly string[];
  /** BCP 47; null: the provider detects it. */
  from: string | null;
  /** BCP 47. */
  to: string;
  /** The text around the texts, which helps to detect their language, and is not translated. */
  context?: string | undefined;
}

export interface TranslationResult {
  /** One for each text, in order. */
  texts: readonly string[];
  /** The language that was detected; null when the provider does not report it. */
  from: string | null;
  /** Null when the provider counts characters. */
  tokens: TokenUsage | null;
  /** Characters that the provider counted; null when it counts tokens. */
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
  /** The pairs of languages that it can translate. @throws ProviderFailure */
  listLanguages(signal: AbortSignal): Promise<readonly LanguagePair[]>;
}
