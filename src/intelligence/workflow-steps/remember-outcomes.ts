import { memoryErrors } from '../memory/index.ts';
import { storeMemories } from '../memory-storing/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { selectTranscription } from '../transcripts/index.ts';
import { readRunSummary } from './run-summary.ts';
import { StepFailure, type StepWork } from './step-outcome.ts';

const MOST = 50;

const isSourceGone = (error: unknown) =>
  error instanceof AppError && error.code === memoryErrors.sourceNotFound.definition.code;

/**
 * Decisions and action items become memories of the room that cite the recording, to which everybody who had to has agreed: with it they
 * are forgotten. What only captions have kept is not remembered, because nothing would take it away again.
 */
export const rememberOutcomes: StepWork<'remember'> = async (context) => {
  const { author, ctx, run } = context;
  const { content, transcriptionId, heldOn } = await readRunSummary(context);
  const [[found]] = await ctx.read((q) => [selectTranscription(q, ctx.organizationId, transcriptionId)]);
  if (!found) throw new StepFailure('transcript_gone');
  const { recordingId } = found.transcription;
  if (recordingId === null) return { to: 'skipped', reason: 'no_recording' };
  const texts = [
    ...content.decisions.map(({ text }) => text),
    ...content.actionItems.map(({ text, owner, dueOn, due }) =>
      [text, owner, dueOn ?? due].filter((each) => each !== null).join(' – '),
    ),
  ];
  if (texts.length === 0) return { to: 'skipped', reason: 'nothing_found' };
  const memories = texts.slice(0, MOST).map((text) => ({ content: `${heldOn}: ${text}` }));
  try {
    await storeMemories(author, {
      scope: 'room',
      roomId: run.roomId,
      source: { kind: 'recording', ids: [recordingId] },
      memories,
    });
  } catch (error) {
    if (isSourceGone(error)) throw new StepFailure('recording_gone');
    throw error;
  }
  return { to: 'done' };
};
