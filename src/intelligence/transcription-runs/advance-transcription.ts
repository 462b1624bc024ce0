import { countIncluded, holdIncluded } from '../../calls/included-use/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { isError, isStale } from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { ProviderFailure, type SoundPiece, type SpeechService, type Transcript } from '../providers/index.ts';
import { endTranscription, forgetSource } from './end-transcription.ts';
import { findPieces, StorageFailure } from './find-pieces.ts';
import { hasSource, reasonOf, segmentsOf } from './runs.rules.ts';
import { isOnOwnKey, transcribe } from './write-down.ts';
import { selectSpeaker } from './speaker.queries.ts';
import {
  changeTranscription,
  insertSegments,
  isOver,
  selectTranscriptionToAdvance,
  toThousandths,
  type Transcription,
  transcriptionAdvanced,
  type TranscriptionReason,
  type TranscriptionToAdvance,
} from '../transcripts/index.ts';

/** A delivery has 45 s, and a piece may take 20. */
const RUN_MS = 20_000;
/** How long until the next check whether the sound is extracted. */
const LOOK_AGAIN_MS = 5_000;
/** After this time the transcription no longer waits for anything, and fails. */
const PATIENCE_MS = 86_400_000;

/** Asks to be run again. */
const runAgain = ({ clock }: Ctx, { id: transcriptionId }: Transcription, inMs = 0) =>
  transcriptionAdvanced.of({ transcriptionId }, inMs === 0 ? {} : { availableAtMs: clock.now() + inMs });

/** The changes of a transcription after a piece. */
function progressAfter(
  row: Transcription,
  pieces: readonly SoundPiece[],
  transcript: Transcript | null,
  isSpoken: boolean,
  now: Date,
) {
  const piece = pieces[row.piecesDone]!;
  const found = isSpoken && row.language === null;
  const confidence = row.requestedLanguage === null ? (transcript?.languageConfidence ?? null) : null;
  return {
    state: 'running' as const,
    pieceCount: pieces.length,
    piecesDone: row.piecesDone + 1,
    durationMs: pieces.at(-1)!.endMs,
    transcribedMs: row.transcribedMs + (transcript && !isOnOwnKey(row) ? piece.endMs - piece.startMs : 0),
    ...(found && {
      language: transcript?.language ?? row.requestedLanguage,
      languageConfidence: toThousandths(confidence),
    }),
    updatedAt: now,
  };
}

/** Counts the length of a piece against what the plan includes, in the month of the request, like the meter. */
function useMinutes(q: Queries, { organizationId, createdAt: at }: Transcription, quantity: number) {
  if (quantity === 0) return [];
  const uses = [{ meter: 'transcription_minutes', quantity }] as const;
  return [holdIncluded(q, { organizationId, now: at }, uses), countIncluded(q, { organizationId, at }, uses)];
}

/** The speaker, found again for each piece, so that a user who was erased meanwhile is not named. */
async function findSpeaker(ctx: Ctx, { recording }: TranscriptionToAdvance): Promise<string | null> {
  if (recording?.kind !== 'participant' && recording?.kind !== 'track') return null;
  const [{ rows }] = await ctx.read((q) => [selectSpeaker(q, recording)], systemScope);
  return rows[0]?.identity ?? null;
}

/**
 * Stores the segments of a piece.
 * @throws AppError `request.stale` when it was deleted, or another run was first; `billing.limit_reached` beyond what
 * the plan includes
 */
async function storePiece(
  ctx: Ctx,
  ground: TranscriptionToAdvance,
  pieces: readonly SoundPiece[],
  transcript: Transcript | null,
  isLast: boolean,
): Promise<Transcription> {
  const { organizationId } = ctx;
  const { transcription: row } = ground;
  const said = transcript?.segments ?? [];
  const speaker = said.length === 0 ? null : await findSpeaker(ctx, ground);
  const spoken = segmentsOf(pieces[row.piecesDone]!, row.piecesDone, said, speaker);
  const set = progressAfter(row, pieces, transcript, spoken.length > 0, new Date(ctx.clock.now()));
  const own = {
    organizationId,
    transcriptionId: row.id,
    correctedBy: null,
    correctedAt: null,
    version: 1,
  };
  const segments = spoken.map((segment) => ({ ...segment, ...own }));
  return ctx.commit({
    write: (q) => [
      ...useMinutes(q, row, set.transcribedMs - row.transcribedMs),
      changeTranscription(q, row, set),
      ...insertSegments(q, segments),
    ],
    events: isLast ? [runAgain(ctx, row)] : [],
    result: { ...row, ...set, version: row.version + 1 },
  });
}

async function work(ctx: Ctx, service: SpeechService, row: TranscriptionToAdvance): Promise<void> {
  const untilMs = ctx.clock.now() + RUN_MS;
  const pieces = await findPieces(ctx, service.sources, row, untilMs);
  if (pieces === 'gone') return endTranscription(ctx, row.transcription, 'source_gone');
  if (pieces === null) return commitWait(ctx, row.transcription);
  let { transcription } = row;
  while (transcription.piecesDone < pieces.length) {
    const index = transcription.piecesDone;
    const now = { ...row, transcription };
    const transcript = await transcribe(ctx, service, now, { piece: pieces[index]!, index });
    const isLast = ctx.clock.now() >= untilMs && index + 1 < pieces.length;
    transcription = await storePiece(ctx, now, pieces, transcript, isLast);
    if (isLast) return;
  }
  await endTranscription(ctx, transcription, null);
  await forgetSource(ctx, service, row);
}

/** Its sound is being sent or extracted. */
const commitWait = (ctx: Ctx, row: Transcription): Promise<void> =>
  ctx.commit({
    write: (q) => [changeTranscription(q, row, { state: 'running', updatedAt: new Date(ctx.clock.now()) })],
    events: [runAgain(ctx, row, LOOK_AGAIN_MS)],
    result: undefined,
  });

/**
 * Handles a failure. A failure of the content ends the transcription. A failure of the service or the storage is
 * waited for; any failure ends it after a day.
 * @returns whether it is over
 * @throws any other failure, before that
 */
async function handleFailure(ctx: Ctx, { id, createdAt }: Transcription, error: unknown): Promise<boolean> {
  const failure = error instanceof ProviderFailure ? error : undefined;
  const reason = isError(error, entitlementErrors.limitReached)
    ? 'limit_reached'
    : failure && reasonOf(failure);
  const isOverdue = ctx.clock.now() - createdAt.getTime() > PATIENCE_MS;
  if (!failure && !reason) ctx.log.error('transcription.not_read', { transcriptionId: id, error });
  if (reason || isOverdue) {
    await endAsItIs(ctx, id, reason ?? 'service_unavailable');
    return true;
  }
  if (!failure && !(error instanceof StorageFailure)) throw error;
  // The sweep tries again: an hour of retries would only fill the dead letters.
  if (failure) ctx.log.warn('transcription.service_failed', { transcriptionId: id, kind: failure.kind });
  return false;
}

/** Ends a transcription that may have advanced since it was read. */
async function endAsItIs(ctx: Ctx, transcriptionId: string, reason: TranscriptionReason): Promise<void> {
  const [[row]] = await ctx.read((q) => [
    selectTranscriptionToAdvance(q, ctx.organizationId, transcriptionId),
  ]);
  if (row && !isOver(row.transcription.state)) await endTranscription(ctx, row.transcription, reason);
}

/**
 * Takes a transcription as far as possible in the time of one delivery. It may run twice, and may be interrupted at
 * any step.
 */
export async function advanceTranscription(
  ctx: Ctx,
  { transcriptionId }: { transcriptionId: string },
): Promise<void> {
  const [[row]] = await ctx.read((q) => [
    selectTranscriptionToAdvance(q, ctx.organizationId, transcriptionId),
  ]);
  if (!row || isOver(row.transcription.state)) return;
  if (!hasSource(row, new Date(ctx.clock.now())))
    return endTranscription(ctx, row.transcription, 'source_gone');
  const service = ctx.ports.speech?.(ctx.organizationId);
  try {
    if (!service) throw new ProviderFailure('speech', 'unavailable');
    await work(ctx, service, row);
  } catch (error) {
    if (isStale(error)) return; // deleted, or another run was first
    const isEnd = await handleFailure(ctx, row.transcription, error);
    if (service && isEnd) await forgetSource(ctx, service, row);
  }
}
