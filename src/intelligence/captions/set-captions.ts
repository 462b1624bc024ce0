import { selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { selectBudget } from '../ai-budgets/index.ts';
import { chooseVoices } from '../speech/index.ts';
import { insertCallTranscription, MODEL, type Transcription } from '../transcripts/index.ts';
import { requireCaptionPrice } from './caption-costs.ts';
import { captionErrors } from './captions.errors.ts';
import { captionsChanged } from './captions.events.ts';
import { changeCaptions, insertCaptions, selectRunningCaptions } from './captions.queries.ts';
import type { SetCaptions } from './captions.schemas.ts';
import type { CallCaptions } from './captions.tables.ts';
import { endOf } from './end-captions.ts';

const eventOf = ({ id, roomId, callId, endReason }: CallCaptions) =>
  captionsChanged.of({ captionId: id, roomId, callId, endReason });

type Chosen = Pick<
  CallCaptions,
  'language' | 'translateTo' | 'translateBy' | 'translationModel' | 'speakIn' | 'spokenSince' | 'askerId'
>;

/**
 * The choice of a caller. Models are asked, and voices speak, in the name of the one who chose them last.
 * @throws AppError `auth.forbidden` or `captions.member_needed` for a caller who cannot ask a model, `voices.*`, `speech.*`
 */
async function choiceOf(
  ctx: Ctx,
  { language, translateTo, translateBy, translationModel, speakIn: wanted }: SetCaptions,
  running: CallCaptions | undefined,
): Promise<Chosen> {
  const { actor } = ctx;
  const chosen = { language, translateTo, translateBy, translationModel: translationModel ?? null };
  if (translateBy === 'rules' && wanted.length === 0)
    return { ...chosen, speakIn: [], spokenSince: null, askerId: null };
  requirePermission(actor, 'ai:write');
  if (actor.kind !== 'user') throw captionErrors.memberNeeded();
  const speakIn = await chooseVoices(ctx, wanted);
  const since = running?.spokenSince ?? new Date(ctx.clock.now());
  return { ...chosen, speakIn, spokenSince: speakIn.length === 0 ? null : since, askerId: actor.userId };
}

function transcriptionOf(ctx: Ctx, captions: CallCaptions): Transcription {
  const { createdAt, requestedBy, callId, language } = captions;
  return {
    id: captions.transcriptionId!,
    organizationId: ctx.organizationId,
    fileId: null,
    recordingId: null,
    callId,
    state: 'running',
    reason: null,
    requestedLanguage: language,
    language: null,
    languageConfidence: null,
    model: MODEL,
    requestedBy,
    pieceCount: null,
    piecesDone: 0,
    durationMs: null,
    transcribedMs: 0,
    endedAt: null,
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
}

function planCaptions(
  ctx: Ctx,
  fields: Pick<CallCaptions, 'roomId' | 'callId' | 'requestedBy'> & Chosen,
  isKept: boolean,
): CallCaptions {
  const now = new Date(ctx.clock.now());
  return {
    ...fields,
    id: ctx.ids.create('caption'),
    organizationId: ctx.organizationId,
    transcriptionId: isKept ? ctx.ids.create('transcription') : null,
    endReason: null,
    endedAt: null,
    transcribedMs: 0,
    lastReport: null,
    reportedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

const shownChoice = ({ language, translateTo, translateBy, translationModel, speakIn }: Chosen) => ({
  language,
  translateTo,
  translateBy,
  translationModel,
  speakIn,
});

/** Changes running captions: new languages count from the next sentence on. */
async function changeRunning(ctx: Ctx, running: CallCaptions, chosen: Chosen) {
  const set = { ...chosen, updatedAt: new Date(ctx.clock.now()) };
  const changed = { ...running, ...set, version: running.version + 1 };
  return ctx.commit({
    write: (q) => [changeCaptions(q, running, set)],
    audit: {
      action: 'captions.changed',
      target: { type: 'room', id: running.roomId },
      after: { captionId: running.id, ...shownChoice(chosen) },
    },
    events: [eventOf(changed)],
    result: changed,
  });
}

/**
 * Switches the live captions of the room's call on, or changes their languages. The process that writes them joins within seconds, as a
 * participant whom everybody sees.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `captions.*`, `auth.forbidden`, `speech.price_unknown` or `billing.feature_not_included`
 */
export async function setCaptions(
  ctx: Ctx,
  request: RoomAccessRequest,
  input: SetCaptions,
): Promise<CallCaptions> {
  const { organizationId } = ctx;
  const { roomId } = request;
  const [access, [call], [running], [budget]] = await requireRoomAccess(ctx, request, (q) => [
    selectOpenCall(q, organizationId, roomId),
    selectRunningCaptions(q, organizationId, roomId),
    selectBudget(q, organizationId),
  ]);
  requireModerator(access);
  if (!access.room.features.captions) throw captionErrors.switchedOff();
  if (!ctx.ports.captioner) throw captionErrors.notConfigured();
  if (call?.status !== 'active') throw captionErrors.noCall();
  const isConsentNeeded = access.room.recordingConsent === 'required';
  if (isConsentNeeded && input.transcript) throw captionErrors.noTranscript();
  if (isConsentNeeded && (input.translateBy !== 'rules' || input.speakIn.length > 0))
    throw captionErrors.noModel();
  const current = running?.callId === call.id ? running : undefined;
  const chosen = await choiceOf(ctx, input, current);
  if (current) return changeRunning(ctx, current, chosen);
  if (budget) await requireCaptionPrice(ctx);
  const fields = { roomId, callId: call.id, requestedBy: access.identity, ...chosen };
  return beginCaptions(ctx, planCaptions(ctx, fields, !isConsentNeeded && input.transcript !== false));
}

/** Commits captions that begin. */
function beginCaptions(ctx: Ctx, row: CallCaptions): Promise<CallCaptions> {
  const { roomId, callId } = row;
  return ctx.commit({
    write: (q) => [
      ...(row.transcriptionId === null ? [] : [insertCallTranscription(q, transcriptionOf(ctx, row))]),
      ...insertCaptions(q, row),
    ],
    audit: {
      action: 'captions.started',
      target: { type: 'room', id: roomId },
      after: {
        captionId: row.id,
        callId,
        ...shownChoice(row),
        isKept: row.transcriptionId !== null,
      },
    },
    events: [eventOf(row)],
    conflicts: { call_captions_running_key: captionErrors.alreadyRunning },
    result: row,
  });
}

/** The captions of the room's call. @throws AppError `rooms.not_found`, `captions.not_running` */
export async function getCaptions(ctx: Ctx, request: RoomAccessRequest): Promise<CallCaptions> {
  const [, [running]] = await requireRoomAccess(ctx, request, (q) => [
    selectRunningCaptions(q, ctx.organizationId, request.roomId),
  ]);
  if (!running) throw captionErrors.notRunning();
  return running;
}

/** Switches captions off. @throws AppError `rooms.not_found`, `moderation.not_moderator`, `captions.not_running` */
export async function stopCaptions(ctx: Ctx, request: RoomAccessRequest): Promise<void> {
  const [access, [running]] = await requireRoomAccess(ctx, request, (q) => [
    selectRunningCaptions(q, ctx.organizationId, request.roomId),
  ]);
  requireModerator(access);
  if (!running) throw captionErrors.notRunning();
  const end = endOf(ctx, running, 'stopped');
  await ctx.commit({ ...end, audit: end.audit });
}
