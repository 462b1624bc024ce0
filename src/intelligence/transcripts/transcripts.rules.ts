import type { FileRow } from '../../media/files/index.ts';
import { isStored, type Recording } from '../../media/recordings/index.ts';
import type { TranscriptionState } from './transcripts.enums.ts';
import type { Transcription } from './transcripts.tables.ts';

/** The model's name at the speech service. */
export const MODEL = 'whisper-base';
/** The model of OpenAI, which is only asked with a key of the organization. */
export const OPENAI_MODEL = 'whisper-1';

/** The languages that the model knows, ISO 639. */
const LANGUAGES: ReadonlySet<string> = new Set(
  (
    'af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja jw ka kk km ' +
    'kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th ' +
    'tk tl tr tt uk ur uz vi yi yo zh'
  ).split(' '),
);

/** Whether the model knows the language of a tag such as `pt-BR`. */
export const isKnownLanguage = (tag: string): boolean => LANGUAGES.has(tag.split('-')[0]!);

export const isOver = (state: TranscriptionState): boolean => state === 'ready' || state === 'failed';

export const isSound = (contentType: string): boolean => /^(audio|video)\//.test(contentType);

export const isScanned = ({ scanStatus }: Pick<FileRow, 'scanStatus'>): boolean =>
  scanStatus === 'clean' || scanStatus === 'unscanned';

/** Whether the recording has a file that is not about to be deleted. */
export const isTranscribable = ({ state, deleteRequestedAt }: Recording): boolean =>
  isStored(state) && !deleteRequestedAt;

/** The present state of the file or recording of a transcription. */
export interface TranscriptionGround {
  file: FileRow | null;
  recording: Recording | null;
  isOrganizationDeleted: boolean;
}

/** The progress in percent: the first tenth is for sending the sound. */
export function progressOf({ state, pieceCount, piecesDone }: Transcription): number {
  if (state === 'ready') return 100;
  if (!pieceCount) return 0;
  return Math.min(99, 10 + Math.floor((90 * piecesDone) / pieceCount));
}

const THOUSANDTHS = 1000;

/** The confidence of models is stored in thousandths. */
export const toThousandths = (share: number | null): number | null =>
  share === null ? null : Math.round(share * THOUSANDTHS);
export const fromThousandths = (stored: number | null): number | null =>
  stored === null ? null : stored / THOUSANDTHS;
