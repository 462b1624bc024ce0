import type { ProviderFailure } from './provider-failure.rules.ts';
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

/** Sound that comes as it is spoken: 16 kHz, one channel. */
export interface SpeechSessionRequest {
  /** `pcm16`: 16 bit, little-endian. `opus`: a packet in each message. */
  encoding: 'pcm16' | 'opus';
  /** BCP 47; null: the provider finds out for each sentence. */
  language: string | null;
  /** Where the sound begins, in milliseconds: all times count from it. */
  offsetMs: number;
}

/** What was said so far. Times are in milliseconds. */
export type SpeechEvent =
  /** Replaces what was said of the sentence before. */
  | { type: 'partial'; segment: number; version: number; text: string; startMs: number }
  | {
      type: 'final';
      segment: number;
      text: string;
      language: string | null;
      startMs: number;
      endMs: number;
      words: readonly SpokenWord[];
    }
  /** A sentence that the provider had no time for. */
  | { type: 'gap'; segment: number; startMs: number; endMs: number }
  /** All that was sent before `finalize` has its result. */
  | { type: 'finalized' };

export interface SpeechListener {
  onEvent(event: SpeechEvent): void;
  /** Once, unless it was closed from here: also when it could not be opened, or does not show that it lives. */
  onEnded(failure: ProviderFailure): void;
}

/** One connection to a provider, for one speaker. What is sent before it is open waits. */
export interface SpeechSession {
  push(sound: Uint8Array): void;
  /** Asks for the results of what was sent so far. */
  finalize(): void;
  /** Ends it; nothing is reported any more. */
  close(): void;
}

export interface SpeechToTextProvider {
  /** Writes down a whole recording. @throws ProviderFailure */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<Transcript>;
  /** Writes down speech as it comes. Absent where the provider cannot. */
  open?(request: SpeechSessionRequest, listener: SpeechListener): SpeechSession;
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
