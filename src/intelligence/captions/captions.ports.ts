import type { GlossaryTerm } from '../translations/index.ts';

/** Terms of the organization for translations between two languages. */
export interface CaptionGlossary {
  from: string;
  to: string;
  terms: readonly GlossaryTerm[];
}

/** All that the process that writes captions needs for a call. It is sent each minute, with new credentials. */
export interface CaptionPlan {
  captionId: string;
  organizationId: string;
  callStartedAtMs: number;
  livekit: { url: string; token: string };
  room: { url: string; ticket: string };
  report: { url: string; token: string };
  language: string | null;
  /** Languages for everybody. The captioner learns the languages that single people ask for from the room. */
  translateTo: readonly string[];
  /** Whether rules may translate: with a budget, only if they have a price. */
  mayTranslate: boolean;
  /** Where a model is asked: always first, or only for what rules cannot do; null where none may be. */
  translator: { url: string; by: 'auto' | 'model' } | null;
  /** The languages that are spoken, the media token of the voice, and where it gets its sound; null while nothing is. */
  spoken: { languages: readonly string[]; token: string; url: string } | null;
  glossaries: readonly CaptionGlossary[];
  /** The number of the next segment. */
  nextPosition: number;
}

/** The process that joins calls and writes their captions. */
export interface Captioner {
  /** Begins, or continues with the changes. @throws Error when it does not answer */
  run(plan: CaptionPlan): Promise<void>;
  /** @throws Error when it does not answer */
  end(captionId: string): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined when none is configured. */
    captioner: Captioner | undefined;
  }
}
