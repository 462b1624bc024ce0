import { isOver as isRecordingOver, type Recording } from '../../media/recordings/index.ts';
import { isOver, isTranscribable, type Transcription } from '../transcripts/index.ts';
import type { StepOf } from '../meeting-workflows/index.ts';

/** The possible transcripts of a call, each kind newest first. */
export interface TranscriptGround {
  captions: readonly Transcription[];
  recordings: readonly Recording[];
  /** The transcriptions of the recordings. */
  made: readonly Transcription[];
}

export type TranscriptChoice =
  | { kind: 'use'; transcriptionId: string }
  | { kind: 'wait' }
  | { kind: 'write_down'; recording: Recording }
  | { kind: 'none' };

const use = ({ id, state }: Transcription): TranscriptChoice =>
  isOver(state) ? { kind: 'use', transcriptionId: id } : { kind: 'wait' };

function ofRecording({ recordings, made }: TranscriptGround): TranscriptChoice {
  const newest = made.find(({ state }) => state !== 'failed');
  if (newest) return use(newest);
  const recording = recordings.find(isTranscribable);
  if (recording) return { kind: 'write_down', recording };
  return recordings.some(({ state }) => !isRecordingOver(state)) ? { kind: 'wait' } : { kind: 'none' };
}

/** The transcript that a run uses: an existing one is taken before anything is transcribed again. */
export function chooseTranscript(
  from: StepOf<'transcribe'>['from'],
  ground: TranscriptGround,
): TranscriptChoice {
  const captions = ground.captions.find(({ state }) => state !== 'failed');
  if (from !== 'recording' && captions) return use(captions);
  return from === 'captions' ? { kind: 'none' } : ofRecording(ground);
}
