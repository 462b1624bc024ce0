import { fromThousandths, presentWords, type Segment, type Transcription } from '../transcripts/index.ts';
import type { TranscriptFormat } from './transcript-exports.schemas.ts';

export type Spoken = Pick<
  Segment,
  'startMs' | 'endMs' | 'text' | 'words' | 'confidence' | 'correctedAt' | 'speaker'
> & {
  /** Name in the call; null when it is unknown. */
  speakerName: string | null;
};

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** `00:01:02.003`, or with a comma. */
function clockOf(ms: number, separator: '.' | ','): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => pad(part)).join(':')}${separator}${pad(ms % 1000, 3)}`;
}

const spanOf = ({ startMs, endMs }: Spoken, separator: '.' | ',') =>
  `${clockOf(startMs, separator)} --> ${clockOf(endMs, separator)}`;

/** One line, because an empty line, and `-->` in a line, would end a cue. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('-->', '→').trim();
const lineOf = ({ text }: Spoken) => oneLine(text);
const escapeVtt = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The line, after the name of its speaker. */
const namedLineOf = (spoken: Spoken) =>
  spoken.speakerName ? `${oneLine(spoken.speakerName)}: ${lineOf(spoken)}` : lineOf(spoken);
const voiceOf = ({ speakerName }: Spoken) => (speakerName ? `<v ${escapeVtt(oneLine(speakerName))}>` : '');

const toVtt = (segments: readonly Spoken[]) =>
  [
    'WEBVTT\n',
    ...segments.map((each) => `${spanOf(each, '.')}\n${voiceOf(each)}${escapeVtt(lineOf(each))}\n`),
  ].join('\n');
const toSrt = (segments: readonly Spoken[]) =>
  segments.map((each, index) => `${index + 1}\n${spanOf(each, ',')}\n${namedLineOf(each)}\n`).join('\n');
const toText = (segments: readonly Spoken[]) => segments.map((each) => `${namedLineOf(each)}\n`).join('');

const toJson = ({ id, language, durationMs }: Transcription, segments: readonly Spoken[]) =>
  JSON.stringify({
    id,
    language,
    durationSeconds: (durationMs ?? 0) / 1000,
    segments: segments.map(
      ({ startMs, endMs, text, speaker, speakerName, confidence, words, correctedAt }) => ({
        startSeconds: startMs / 1000,
        endSeconds: endMs / 1000,
        text,
        speaker,
        speakerName,
        confidence: fromThousandths(confidence),
        isCorrected: correctedAt !== null,
        words: presentWords({ words }),
      }),
    ),
  });

export const FORMAT_TYPES: Readonly<Record<TranscriptFormat, string>> = {
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  txt: 'text/plain',
  json: 'application/json',
};

/** The transcript as a file. */
export function formatTranscript(
  format: TranscriptFormat,
  transcription: Transcription,
  segments: readonly Spoken[],
): string {
  if (format === 'vtt') return toVtt(segments);
  if (format === 'srt') return toSrt(segments);
  return format === 'txt' ? toText(segments) : toJson(transcription, segments);
}
