import { SPEECH_PROVIDER } from '../speech-usage/index.ts';
import { ceilMicros } from '../models/index.ts';
import { createTranscription, MODEL, selectTranscription, type Transcription } from '../transcripts/index.ts';
import type { Recording } from '../../media/recordings/index.ts';
import {
  changeRun,
  leftMicros,
  selectCaptionTranscripts,
  selectRecordingsOfCall,
  selectRecordingTranscripts,
} from '../workflow-runs/index.ts';
import { type StepContext, StepFailure, type StepOutcome, type StepWork } from './step-outcome.ts';
import { chooseTranscript, type TranscriptGround } from './transcripts.rules.ts';

const METER = 'transcription_minutes';

async function readGround({ ctx, run }: StepContext): Promise<TranscriptGround> {
  const { organizationId } = ctx;
  const [captions, recordings, made] = await ctx.read((q) => [
    selectCaptionTranscripts(q, organizationId, run.callId),
    selectRecordingsOfCall(q, organizationId, run.callId),
    selectRecordingTranscripts(q, organizationId, run.callId),
  ]);
  return { captions, recordings, made: made.map(({ transcription }) => transcription) };
}

/** The cost of an amount of sound; null when no price is known. */
async function costOf({ ctx }: StepContext, milliseconds: number): Promise<number | null> {
  const model = { provider: SPEECH_PROVIDER, model: MODEL };
  const price = await ctx.ports.modelPrices.findOfMeter(ctx, METER, model);
  return price && Number(ceilMicros(milliseconds, price));
}

/** Requests a transcription of the recording, within what the run may still cost. */
async function writeDown(
  context: StepContext,
  { id: recordingId, durationMs }: Recording,
  language: string | undefined,
): Promise<StepOutcome> {
  const { author, ctx, run } = context;
  const left = leftMicros(run);
  if (left !== null) {
    const cost = await costOf(context, durationMs ?? 0);
    if (cost === null || durationMs === null || cost > left) throw new StepFailure('run_budget');
  }
  const { transcription } = await createTranscription(author, {
    roomId: run.roomId,
    recordingId,
    model: MODEL,
    ...(language === undefined ? {} : { language }),
  });
  const set = { transcriptionId: transcription.id, updatedAt: new Date(ctx.clock.now()) };
  await ctx.commit({ write: (q) => [changeRun(q, run, set)], result: undefined });
  return { to: 'stored' };
}

/** Checks the transcription that the run has requested, or that started the run. */
async function lookAt(context: StepContext, transcription: Transcription | undefined): Promise<StepOutcome> {
  if (!transcription) throw new StepFailure('transcript_gone');
  const { state, reason, recordingId, transcribedMs, requestedBy, createdAt } = transcription;
  if (state === 'failed') throw new StepFailure(reason ?? 'transcription_failed');
  if (state !== 'ready') return { to: 'wait' };
  // A transcription that somebody else requested costs the run nothing.
  const isOfRun =
    recordingId !== null && requestedBy === context.run.authorId && createdAt >= context.run.createdAt;
  return { to: 'done', costMicros: isOfRun ? await costOf(context, transcribedMs) : 0 };
}

/** The transcript of the call: that of its captions, or of its recording, which is transcribed if needed. */
export const takeTranscript: StepWork<'transcribe'> = async (context, { from, language }) => {
  const { ctx, run } = context;
  const { transcriptionId } = run;
  if (transcriptionId !== null) {
    const [[found]] = await ctx.read((q) => [selectTranscription(q, ctx.organizationId, transcriptionId)]);
    return lookAt(context, found?.transcription);
  }
  const choice = chooseTranscript(from, await readGround(context));
  if (choice.kind === 'wait') return { to: 'wait' };
  if (choice.kind === 'none') return { to: 'skipped', reason: 'nothing_recorded', isEnd: true };
  if (choice.kind === 'write_down') return writeDown(context, choice.recording, language);
  return { to: 'done', set: { transcriptionId: choice.transcriptionId } };
};
