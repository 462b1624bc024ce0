import type { RoomServerFrame, FrameOf } from '../frames.ts';
import type { CaptionChoice } from './caption-choice.ts';
import type { Caption } from './caption-log.ts';

export type LiveCaptions = FrameOf<'captions.running'>['captions'];

/** The captions of the call after one more frame; null for none, undefined before it is known. */
export function reduceLive(
  live: LiveCaptions | null | undefined,
  frame: RoomServerFrame,
): LiveCaptions | null | undefined {
  if (frame.type === 'welcome') return frame.state.captions;
  if (frame.type === 'captions.running') return frame.captions;
  if (frame.type === 'captions.over') return live?.captionId === frame.captionId ? null : live;
  return live;
}

/** The languages to ask the room for: none while captions are hidden, or shown as they are spoken. */
export const languageToAsk = (
  { on, language }: Pick<CaptionChoice, 'on' | 'language'>,
  live: LiveCaptions | null | undefined,
): string | null => (on && live?.languages.includes(language) ? language : null);

interface Shown {
  /** The choice of the visitor, and the captions that are shown. */
  wanted: string;
  language: string;
  wereOn: boolean;
  isRefused: boolean;
  /** What made the newest translation. */
  engine: Caption['translatedBy'];
}

/** The message about the captions. @returns a text, given the name of a language */
export const noteOf =
  (live: LiveCaptions | null | undefined, { wanted, language, wereOn, isRefused, engine }: Shown) =>
  (nameOf: (tag: string) => string): string => {
    if (live === undefined) return '';
    if (live === null)
      return wereOn ? 'Captions have ended.' : 'Captions are off in this call. Hosts can switch them on.';
    if (language !== '')
      return engine === 'model'
        ? 'Translated by a language model.'
        : 'Translated by a program: it gives the gist.';
    if (wanted === '' || wanted === live.language) return '';
    return isRefused
      ? `Too many languages are asked for in this call. Captions are shown as spoken, not in ${nameOf(wanted)}.`
      : `${nameOf(wanted)} is not available now. Captions are shown as spoken.`;
  };
