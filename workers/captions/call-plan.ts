import type { ReportAccess } from './reports.ts';
import type { RoomAccess } from './room-socket.ts';
import type { SpokenPlan } from './spoken-voice.ts';
import type { Glossary } from './translate.ts';
import type { Wanted } from './translations.ts';

/** The request of the product: the captions of one call. It is repeated each minute, with new credentials. */
export interface CallPlan {
  captionId: string;
  organizationId: string;
  callStartedAtMs: number;
  livekit: { url: string; token: string };
  room: RoomAccess;
  report: ReportAccess;
  /** The language that is spoken; null: found out for each sentence. */
  language: string | null;
  translateTo: readonly string[];
  /** Whether rules may translate: with a budget, only at a known price. */
  mayTranslate: boolean;
  /** Where a model is asked: always first, or only for what rules cannot do; null where none may be. */
  translator: { url: string; by: 'auto' | 'model' } | null;
  /** The languages that are spoken, the media token of the voice, and where it gets its sound; null while nothing is. */
  spoken: (SpokenPlan & { url: string }) | null;
  glossaries: readonly Glossary[];
  /** The number of the next segment. */
  nextPosition: number;
}

export const wantedOf = ({ translateTo, mayTranslate, translator }: CallPlan): Wanted => ({
  translateTo,
  mayUseRules: mayTranslate,
  model: translator?.by ?? null,
});
