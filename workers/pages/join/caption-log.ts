import type { RoomServerFrame } from './frames.ts';

export interface Caption {
  segmentId: string;
  speaker: string;
  text: string;
  version: number;
  final: boolean;
}

const MAX_LINES = 3;

/**
 * The captions after one more frame: the last finished segments, then the unfinished ones. An older version never replaces
 * a newer one, and a final segment does not change.
 */
export function reduceCaptions(captions: readonly Caption[], frame: RoomServerFrame): readonly Caption[] {
  if (frame.type !== 'caption.partial' && frame.type !== 'caption.final') return captions;
  const { segmentId, speaker, text, version } = frame;
  const existing = captions.find((each) => each.segmentId === segmentId);
  if (existing && (existing.final || existing.version > version)) return captions;
  const final = frame.type === 'caption.final';
  const rest = captions.filter((each) => each !== existing);
  const all = [...rest, { segmentId, speaker, text, version, final }];
  const finals = all.filter((each) => each.final).slice(-MAX_LINES);
  return [...finals, ...all.filter((each) => !each.final).slice(-MAX_LINES)];
}
