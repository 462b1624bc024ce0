import type { EmbeddingProvider } from './embeddings.ports.ts';
import type { SpeechToTextProvider, TextToSpeechProvider } from './speech.ports.ts';
import type { TranslationProvider } from './translation.ports.ts';

/** A part of the sound of a file, of the length that a provider accepts at once. */
export interface SoundPiece {
  startMs: number;
  endMs: number;
  /** Whether it has no speech. */
  isSilent: boolean;
}

/** Bytes of a file to be sent. */
export interface SourceBytes {
  body: ReadableStream<Uint8Array>;
  offset: number;
  length: number;
  /** Of the whole file. */
  sizeBytes: number;
}

/**
 * Extracts the sound of files and recordings, and returns it in pieces. A file that is not used for a while, and all
 * files at a restart, are forgotten; the bytes are then sent again, and give the same pieces.
 */
export interface SoundSources {
  /** The number of bytes of the file that have arrived. @throws ProviderFailure */
  findOffset(id: string): Promise<number>;
  /** Sends the next bytes. @throws ProviderFailure */
  send(id: string, bytes: SourceBytes): Promise<void>;
  /**
   * The pieces of a file whose bytes have all arrived; null while they are made.
   * @throws ProviderFailure `request_refused` for a file without sound
   */
  findPieces(id: string): Promise<readonly SoundPiece[] | null>;
  /** @throws ProviderFailure */
  readPiece(id: string, index: number): Promise<Blob>;
  /** Forgets the file, if it knows it. @throws ProviderFailure */
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
    /** Undefined when no service is configured. */
    speech: ((organizationId: string) => SpeechService) | undefined;
  }
}
