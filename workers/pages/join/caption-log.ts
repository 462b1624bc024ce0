import type { RoomServerFrame } from './frames.ts';

export interface Caption {
  segmentId: string;
  speaker: string;
  language: string;
  text: string;
  version: number;
  final: boolean;
}

const MAX_LINES = 3;

/** The last ones of each language. */
const keepLast = (captions: readonly Caption[]): Caption[] =>
  captions.filter(
    ({ language }, at) =>
      captions.slice(at + 1).filter((later) => later.language === language).length < MAX_LINES,
  );

/**
 * The captions after one more frame: the last finished segments of each language, then the unfinished ones. An older version
 * never replaces a newer one, and a final segment does not change.
 */
export function reduceCaptions(captions: readonly Caption[], frame: RoomServerFrame): readonly Caption[] {
  if (frame.type === 'caption.dropped')
    return captions.filter(({ segmentId, final }) => final || segmentId !== frame.segmentId);
  if (frame.type !== 'caption.partial' && frame.type !== 'caption.final') return captions;
  const { segmentId, speaker, language, text, version } = frame;
  const existing = captions.find((each) => each.segmentId === segmentId);
  if (existing && (existing.final || existing.version > version)) return captions;
  const final = frame.type === 'caption.final';
  const rest = captions.filter((each) => each !== existing);
  const all = [...rest, { segmentId, speaker, language, text, version, final }];
  const finals = all.filter((each) => each.final);
  return [...keepLast(finals), ...keepLast(all.filter((each) => !each.final))];
}
