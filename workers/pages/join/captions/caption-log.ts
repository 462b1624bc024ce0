import type { RoomServerFrame } from '../frames.ts';

export interface Caption {
  segmentId: string;
  speaker: string;
  language: string;
  text: string;
  version: number;
  final: boolean;
  /** The language that was spoken, of a translation. */
  translatedFrom?: string;
  translatedBy?: 'rules' | 'model';
}

const MAX_LINES = 3;
/** The language of a time that nothing wrote down. */
const NO_LANGUAGE = 'und';

export const isGap = ({ language }: Pick<Caption, 'language'>): boolean => language === NO_LANGUAGE;

/** Keys of translations differ from those of the same language as spoken. */
const kindOf = ({ language, translatedFrom }: Caption) => `${language} ${translatedFrom === undefined}`;

/** The last ones of each language. */
const keepLast = (captions: readonly Caption[]): Caption[] =>
  captions.filter(
    (each, at) => captions.slice(at + 1).filter((later) => kindOf(later) === kindOf(each)).length < MAX_LINES,
  );

function captionOf(frame: RoomServerFrame): Caption | null {
  if (frame.type === 'caption.translated') return { ...frame, version: 1, final: true };
  if (frame.type !== 'caption.partial' && frame.type !== 'caption.final') return null;
  const { segmentId, speaker, language, text, version, translatedFrom, translatedBy } = frame;
  const caption = { segmentId, speaker, language, text, version, final: frame.type === 'caption.final' };
  if (translatedFrom === undefined) return caption;
  return { ...caption, translatedFrom, ...(translatedBy && { translatedBy }) };
}

/**
 * The captions after one more frame: the last finished segments of each language, then the unfinished ones. An older version
 * never replaces a newer one, and a final segment does not change.
 */
export function reduceCaptions(captions: readonly Caption[], frame: RoomServerFrame): readonly Caption[] {
  if (frame.type === 'caption.dropped')
    return captions.filter(({ segmentId, final }) => final || segmentId !== frame.segmentId);
  if (frame.type === 'captions.over') return captions.filter(({ final }) => final);
  const caption = captionOf(frame);
  if (!caption) return captions;
  const existing = captions.find((each) => each.segmentId === caption.segmentId);
  if (existing && (existing.final || existing.version > caption.version)) return captions;
  const all = [...captions.filter((each) => each !== existing), caption];
  const finals = all.filter((each) => each.final);
  return [...keepLast(finals), ...keepLast(all.filter((each) => !each.final))];
}

/** Whether a caption is in another language than the wanted one, because no translation came. */
export const isUntranslated = (caption: Caption, language: string): boolean =>
  language !== '' && caption.language !== language && caption.translatedFrom === undefined && !isGap(caption);

/** What made the newest translation into a language; undefined before the first one. */
export const newestEngine = (captions: readonly Caption[], language: string): Caption['translatedBy'] =>
  captions.findLast((each) => each.language === language && each.translatedFrom !== undefined)?.translatedBy;

/** The captions that are shown: finished lines, and those that may still change. */
export interface CaptionLines {
  finished: readonly Caption[];
  unfinished: readonly Caption[];
}

/**
 * The lines in a language; empty is as spoken. A line that waits for its translation is shown as spoken, for good if no
 * translation comes.
 * @param isAwaited whether a translation of it may still come
 */
export function linesIn(
  language: string,
  captions: readonly Caption[],
  isAwaited: (caption: Caption) => boolean,
): CaptionLines {
  const spoken = captions.filter(({ translatedFrom }) => translatedFrom === undefined);
  if (language === '')
    return {
      finished: spoken.filter(({ final }) => final).slice(-MAX_LINES),
      unfinished: spoken.filter(({ final }) => !final),
    };
  const known = new Set(captions.map(({ segmentId }) => segmentId));
  const waits = (caption: Caption) => isUntranslated(caption, language);
  const finished = captions.filter((caption) => {
    if (!caption.final) return false;
    if (caption.translatedFrom !== undefined) return caption.language === language;
    return !waits(caption) || !(known.has(`${caption.segmentId}-${language}`) || isAwaited(caption));
  });
  const pending = spoken.filter(
    (caption) =>
      !caption.final ||
      (waits(caption) && !known.has(`${caption.segmentId}-${language}`) && isAwaited(caption)),
  );
  return { finished: finished.slice(-MAX_LINES), unfinished: pending };
}
