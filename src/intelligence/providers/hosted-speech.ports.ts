import type { ProviderKey } from './chat.ports.ts';
import type { KeyedProviderName } from './providers.enums.ts';
import type { SpeechToTextProvider, TextToSpeechProvider, Voice } from './speech.ports.ts';

/** Voices of a provider that is asked with a key, of the organization or of the platform. */
export interface HostedVoices {
  provider: KeyedProviderName;
  /** The provider's own name of the model that speaks. */
  model: string;
  /** By the provider's own ids. */
  voices: readonly Voice[];
  of(key: ProviderKey): TextToSpeechProvider;
}

/** What writes speech down with a key of an organization. */
export interface HostedRecognition {
  provider: KeyedProviderName;
  of(key: ProviderKey): SpeechToTextProvider;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    hostedVoices: HostedVoices;
    hostedRecognition: HostedRecognition;
  }
}
