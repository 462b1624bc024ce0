import type { SpeechUsage } from './usage.ports.ts';

/** A word with its time in the audio, in milliseconds. */
export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
  /** 0 to 1, as the provider says it; null where it does not. */
  confidence: number | null;
}

/** What belongs together: a sentence, or what was said without a pause. */
export interface SpokenSegment {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number | null;
  /** Empty where the provider gives none. */
  words: readonly SpokenWord[];
}

export interface Transcript {
  text: string;
  /** BCP 47; null where the provider does not say. */
  language: string | null;
  /** How sure the provider is of a language that it found out, 0 to 1; null where it does not say. */
  languageConfidence: number | null;
  segments: readonly SpokenSegment[];
  usage: SpeechUsage;
}

export interface TranscriptionRequest {
  model: string;
  audio: Blob;
  /** BCP 47; null: the provider finds out. */
  language: string | null;
}

/** Audio that comes as it is spoken: PCM, 16 bit, one channel. */
export interface SpeechSessionRequest {
  model: string;
  sampleRate: number;
  /** BCP 47; null: the provider finds out. */
  language: string | null;
}

/** What was said so far. Times are those of the audio that was sent, in milliseconds. */
export type SpeechEvent =
  /** Replaces the partial text before it. */
  | { type: 'partial'; text: string; startMs: number; endMs: number }
  | {
      type: 'final';
      text: string;
      language: string | null;
      startMs: number;
      endMs: number;
      words: readonly SpokenWord[];
    };

/** One connection to a provider, for one speaker and one language. */
export interface SpeechSession {
  push(pcm: Uint8Array): void;
  /** Asks for the final text of what was sent so far. */
  finalize(): void;
  /** Ends it: what was not final becomes final first. @returns what the provider counted */
  close(): Promise<SpeechUsage>;
  /** Ends with the session. @throws ProviderFailure */
  readonly events: AsyncIterable<SpeechEvent>;
}

export interface SpeechToTextProvider {
  /** Writes down a whole recording. @throws ProviderFailure */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<Transcript>;
  /** Writes down speech as it comes. Absent where the provider cannot. @throws ProviderFailure */
  open?(request: SpeechSessionRequest, signal: AbortSignal): Promise<SpeechSession>;
}

export interface SynthesisRequest {
  model: string;
  voice: string;
  text: string;
  /** 1 is as the voice speaks by itself. */
  speed: number;
  format: 'mp3' | 'opus' | 'wav' | 'pcm' | 'flac' | 'aac';
}

export interface SpokenText {
  mediaType: string;
  audio: ReadableStream<Uint8Array>;
}

export interface Voice {
  id: string;
  name: string;
  /** BCP 47. */
  language: string;
}

export interface TextToSpeechProvider {
  /** Speaks a text. @throws ProviderFailure */
  speak(request: SynthesisRequest, signal: AbortSignal): Promise<SpokenText>;
  /** The voices that it has. Absent where the provider has no list. @throws ProviderFailure */
  listVoices?(signal: AbortSignal): Promise<readonly Voice[]>;
}
