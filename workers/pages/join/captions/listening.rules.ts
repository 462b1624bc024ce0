import type { Caption } from './caption-log.ts';

interface Listened {
  /** The language that the visitor chose, and the one that is spoken for them; empty for none. */
  wanted: string;
  language: string;
  /** Whether its voice is there. */
  isThere: boolean;
  skipped: 'late' | 'failed' | null;
}

/** The message about the spoken translation; empty for nothing. @param nameOf the name of a language */
export function listeningNote(
  { wanted, language, isThere, skipped }: Listened,
  nameOf: (tag: string) => string,
): string {
  if (wanted === '') return '';
  if (language === '') return `Nothing is spoken in ${nameOf(wanted)} any more.`;
  if (!isThere) return `Waiting for the voice in ${nameOf(language)}…`;
  if (skipped === 'late') return 'Some words were left out, so that the voice keeps up.';
  if (skipped === 'failed') return 'Some words could not be spoken.';
  return 'A program speaks what others say, some seconds later. Others are quieter meanwhile.';
}

/** Whether a person spoke a language themselves, the last time that captions showed them. */
export const speaksLanguage = (captions: readonly Caption[], identity: string, language: string): boolean =>
  captions.findLast((each) => each.speaker === identity && each.translatedFrom === undefined)?.language ===
  language;
