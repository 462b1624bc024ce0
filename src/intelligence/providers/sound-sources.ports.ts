import type { EmbeddingProvider } from './embeddings.ports.ts';
import type { SpeechToTextProvider, TextToSpeechProvider } from './speech.ports.ts';
import type { TranslationProvider } from './translation.ports.ts';

/** A part of the sound of a file, as long as a provider takes at once. */
export interface SoundPiece {
  startMs: number;
  endMs: number;
  /** There is no speech in it. */
  isSilent: boolean;
}

/** Bytes of a file on their way. */
export interface SourceBytes {
  body: ReadableStream<Uint8Array>;
  offset: number;
  length: number;
  /** Of the whole file. */
  sizeBytes: number;
}

/**
 * Takes the sound out of files and recordings and gives it back in pieces. It forgets a file for which nothing asks, and all of them
 * when it is started again: then its bytes are sent once more, and its pieces are the same.
 */
export interface SoundSources {
  /** How many bytes of the file are there. @throws ProviderFailure */
  findOffset(id: string): Promise<number>;
  /** Sends the bytes that follow. @throws ProviderFailure */
  send(id: string, bytes: SourceBytes): Promise<void>;
  /** The pieces of a file of which all bytes are there; null while they are made. @throws ProviderFailure `request_refused` for what has no sound */
  findPieces(id: string): Promise<readonly SoundPiece[] | null>;
  /** @throws ProviderFailure */
  readPiece(id: string, index: number): Promise<Blob>;
  /** Forgets the file; also one that it does not know. @throws ProviderFailure */
  end(id: string): Promise<void>;
}

/** The speech service of the product, for one organization. */
export interface SpeechService {
  sources: SoundSources;
  speechToText: SpeechToTextProvider;
  textToSpeech: TextToSpeechProvider;
  translation: TranslationProvider;
  embeddings: EmbeddingProvider;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where no service is configured. */
    speech: ((organizationId: string) => SpeechService) | undefined;
  }
}
