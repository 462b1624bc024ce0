import { memoryErrors } from '../memory/index.ts';
import { storeMemories } from '../memory-storing/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { selectTranscription, transcriptErrors } from '../transcripts/index.ts';
import { readRunSummary } from './run-summary.ts';
import { StepFailure, type StepWork } from './step-outcome.ts';

const MOST = 50;

/** From the first to the last segment that is cited. */
const passageOf = (citations: readonly { position: number }[]) => {
  const positions = citations.map(({ position }) => position);
  return { first: Math.min(...positions), last: Math.max(...positions) };
};

/**
 * Decisions and action items become memories of the room. They cite the transcript of the recording, to which all who
 * had to agree have agreed, and are forgotten with either of them. Text that only captions have is not remembered,
 * because nothing would delete it later.
 */
export const rememberOutcomes: StepWork<'remember'> = async (context) => {
  const { author, ctx, run } = context;
  const { content, transcriptionId, heldOn } = await readRunSummary(context);
  const [[found]] = await ctx.read((q) => [selectTranscription(q, ctx.organizationId, transcriptionId)]);
  if (!found) throw new StepFailure('transcript_gone');
  const { recordingId } = found.transcription;
  if (recordingId === null) return { to: 'skipped', reason: 'no_recording' };
  const outcomes = [
    ...content.decisions,
    ...content.actionItems.map(({ text, owner, dueOn, due, citations }) => ({
      text: [text, owner, dueOn ?? due].filter((each) => each !== null).join(' – '),
      citations,
    })),
  ].slice(0, MOST);
  if (outcomes.length === 0) return { to: 'skipped', reason: 'nothing_found' };
  try {
    for (const { text, citations } of outcomes)
      await storeMemories(author, {
        scope: 'room',
        roomId: run.roomId,
        source: { kind: 'transcript', ids: [transcriptionId], passage: passageOf(citations) },
        memories: [{ content: `${heldOn}: ${text}` }],
      });
  } catch (error) {
    if (isError(error, memoryErrors.sourceNotFound, transcriptErrors.notFound))
      throw new StepFailure('recording_gone');
    throw error;
  }
  return { to: 'done' };
};
