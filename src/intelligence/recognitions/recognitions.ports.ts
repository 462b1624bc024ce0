import type { Actor } from '../../kernel/core/index.ts';
import type { SoundEncoding } from './recognitions.enums.ts';

/** The settings with which a recognition starts. */
export interface RecognitionPlan {
  recognitionId: string;
  organizationId: string;
  /** The actor with whose authority the speech service is asked; it is proven again each minute. */
  asker: Actor;
  /** BCP 47; null: it is detected for each sentence. */
  language: string | null;
  encoding: SoundEncoding;
  createdAtMs: number;
}

export interface RecognitionRef {
  organizationId: string;
  recognitionId: string;
}

/** The live side of recognitions: one Durable Object for each. Each method throws AppError `server.unavailable` when it cannot be reached. */
export interface Recognitions {
  begin(plan: RecognitionPlan): Promise<void>;
  /** Whether it runs and belongs to the asker; its next minute is then requested with this authority. */
  renew(ref: RecognitionRef, asker: Actor): Promise<boolean>;
  /** Ends it, and counts it. @returns whether it was running and belonged to the asker */
  end(ref: RecognitionRef, asker: Actor): Promise<boolean>;
  /** Opens a socket. @returns the answer to the upgrade @throws AppError `recognitions.not_found` */
  connect(request: Request, ref: RecognitionRef): Promise<Response>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    recognitions: Recognitions;
  }
}
