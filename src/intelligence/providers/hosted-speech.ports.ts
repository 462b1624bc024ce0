import type { ProviderKey } from './chat.ports.ts';
import type { KeyedProviderName } from './providers.enums.ts';
import type { SpeechToTextProvider, TextToSpeechProvider, Voice } from './speech.ports.ts';

/** Voices of a provider that needs a key, of the organization or of the platform. */
export interface HostedVoices {
  provider: KeyedProviderName;
  /** The name of the speaking model at the provider. */
  model: string;
  /** With the ids of the provider. */
  voices: readonly Voice[];
  of(key: ProviderKey): TextToSpeechProvider;
}

/** A provider that transcribes speech with a key of an organization. */
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
