import type { ProviderFailure } from './provider-failure.rules.ts';
import type { SpeechUsage } from './usage.ports.ts';

/** A word with its time in the audio, in milliseconds. */
export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
  /** 0 to 1, as reported by the provider; null when it reports none. */
  confidence: number | null;
}

/** A unit of speech: a sentence, or words without a pause. */
export interface SpokenSegment {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number | null;
  /** Empty when the provider gives none. */
  words: readonly SpokenWord[];
}

export interface Transcript {
  text: string;
  /** BCP 47; null when the provider does not report it. */
  language: string | null;
  /** The provider's confidence in a language that it detected, 0 to 1; null when it reports none. */
  languageConfidence: number | null;
  segments: readonly SpokenSegment[];
  usage: SpeechUsage;
}

export interface TranscriptionRequest {
  model: string;
  audio: Blob;
  /** BCP 47; null: the provider detects it. */
  language: string | null;
}

/** Sound that comes while it is spoken: 16 kHz, one channel. */
export interface SpeechSessionRequest {
  /** `pcm16`: 16 bit, little-endian. `opus`: a packet in each message. */
  encoding: 'pcm16' | 'opus';
  /** BCP 47; null: the provider detects it for each sentence. */
  language: string | null;
  /** The start of the sound, in milliseconds: all times count from it. */
  offsetMs: number;
}

/** The results so far. Times are in milliseconds. */
export type SpeechEvent =
  /** Replaces the earlier version of the sentence. */
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
  /** A sentence that the provider had no capacity for. */
  | { type: 'gap'; segment: number; startMs: number; endMs: number }
  /** All sound before `finalize` has its result. */
  | { type: 'finalized' };

export interface SpeechListener {
  onEvent(event: SpeechEvent): void;
  /** Called once, unless this side closed it: also when it could not be opened, or stops answering pings. */
  onEnded(failure: ProviderFailure): void;
}

/** One connection to a provider, for one speaker. What is sent before it is open waits. */
export interface SpeechSession {
  push(sound: Uint8Array): void;
  /** Asks for the results of all sound so far. */
  finalize(): void;
  /** Ends it; nothing more is reported. */
  close(): void;
}

export interface SpeechToTextProvider {
  /** Transcribes a whole recording. @throws ProviderFailure */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<Transcript>;
  /** Transcribes speech as it comes. Absent when the provider cannot. */
  open?(request: SpeechSessionRequest, listener: SpeechListener): SpeechSession;
}

export interface SynthesisRequest {
  model: string;
  voice: string;
  text: string;
  /** 1 is the normal speed of the voice. */
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
  /** Its voices. Absent when the provider has no list. @throws ProviderFailure */
  listVoices?(signal: AbortSignal): Promise<readonly Voice[]>;
}
