import { isOver, isStored, type Recording } from '../../media/recordings/index.ts';
import { replaceTopics } from '../../media/playback/index.ts';
import { type Chapter } from '../summaries/index.ts';
import { selectTranscription, type Transcription } from '../transcripts/index.ts';
import { selectRecordingsOfCall } from '../workflow-runs/index.ts';
import { readRunSummary } from './run-summary.ts';
import { StepFailure, type StepWork } from './step-outcome.ts';

/** If there are several recordings, that of the transcript, otherwise the newest with a file. */
const recordingOf = (recordings: readonly Recording[], { recordingId }: Transcription) =>
  recordings.find(({ id, state }) => id === recordingId && isStored(state)) ??
  recordings.find(({ state }) => isStored(state));

/**
 * The positions of a transcript's chapters in a recording; captions have times of their own. Chapters outside of it
 * are left out.
 */
export function topicsIn(chapters: readonly Chapter[], transcription: Transcription, recording: Recording) {
  const begun = (recording.startedAt ?? recording.createdAt).getTime();
  const offsetMs = transcription.callId === null ? 0 : transcription.createdAt.getTime() - begun;
  return chapters
    .map(({ title, startMs }) => ({ title, atSeconds: (startMs + offsetMs) / 1000 }))
    .filter(
      ({ atSeconds }) =>
        atSeconds >= 0 && atSeconds * 1000 <= (recording.durationMs ?? Number.MAX_SAFE_INTEGER),
    );
}

/**
 * Shows the chapters of the summary where the recording of the call is played. A recording that is not ready is waited
 * for.
 */
export const showChapters: StepWork<'chapters'> = async (context) => {
  const { ctx, run } = context;
  const { organizationId } = ctx;
  const { content, transcriptionId } = await readRunSummary(context);
  const [recordings, [found]] = await ctx.read((q) => [
    selectRecordingsOfCall(q, organizationId, run.callId),
    selectTranscription(q, organizationId, transcriptionId),
  ]);
  if (!found) throw new StepFailure('transcript_gone');
  const recording = recordingOf(recordings, found.transcription);
  if (!recording)
    return recordings.some(({ state }) => !isOver(state))
      ? { to: 'wait' }
      : { to: 'skipped', reason: 'no_recording' };
  const { id: recordingId } = recording;
  const topics = topicsIn(content.chapters, found.transcription, recording);
  return {
    to: 'done',
    write: (q) => [replaceTopics(q, { recordingId, organizationId, transcriptionId, topics })],
  };
};
