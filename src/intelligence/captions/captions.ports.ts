import type { GlossaryTerm } from '../translations/index.ts';

/** Terms of the organization that translations between two languages keep to. */
export interface CaptionGlossary {
  from: string;
  to: string;
  terms: readonly GlossaryTerm[];
}

/** What the process that writes captions needs for a call. It is repeated each minute, with new credentials. */
export interface CaptionPlan {
  captionId: string;
  organizationId: string;
  callStartedAtMs: number;
  livekit: { url: string; token: string };
  room: { url: string; ticket: string };
  report: { url: string; token: string };
  language: string | null;
  /** Languages for everybody; those that people ask for, the captioner learns from the room. */
  translateTo: readonly string[];
  /** Whether anything may be translated: with a budget, only what has a price. */
  mayTranslate: boolean;
  glossaries: readonly CaptionGlossary[];
  /** The number of the next segment. */
  nextPosition: number;
}

/** The process that joins calls and writes their captions. */
export interface Captioner {
  /** Begins, or continues with what has changed. @throws Error when it does not answer */
  run(plan: CaptionPlan): Promise<void>;
  /** @throws Error when it does not answer */
  end(captionId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where none is configured. */
    captioner: Captioner | undefined;
  }
}
