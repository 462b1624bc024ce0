import { holdIncluded } from '../../calls/included-use/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requirePermission } from '../../kernel/core/index.ts';
import { getFile } from '../../media/files/index.ts';
import { findRecording, recordingErrors } from '../../media/recordings/index.ts';
import { selectProviderKeys } from '../provider-keys/index.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import { transcriptionRequested } from './transcripts.events.ts';
import type { FoundTranscription } from './transcripts.present.ts';
import { insertTranscription } from './transcripts.queries.ts';
import { isScanned, isSound, isTranscribable, OPENAI_MODEL } from './transcripts.rules.ts';
import type { CreateTranscription } from './transcripts.schemas.ts';
import type { Transcription } from './transcripts.tables.ts';

type Subject = Pick<Transcription, 'fileId' | 'recordingId'>;

/** The file or recording to transcribe, if the caller may read it and it can be transcribed. */
async function requireSubject(
  ctx: Ctx,
  { fileId, roomId, recordingId }: CreateTranscription,
): Promise<Subject> {
  if (fileId !== undefined) {
    const file = await getFile(ctx, fileId);
    if (!isSound(file.contentType)) throw transcriptErrors.notSound();
    if (!isScanned(file)) throw transcriptErrors.notScanned();
    return { fileId, recordingId: null };
  }
  const { recording } = await findRecording(ctx, { roomId: roomId! }, recordingId!);
  if (!isTranscribable(recording)) throw recordingErrors.notReady();
  return { fileId: null, recordingId: recording.id };
}

/** A model of a provider needs a key of the organization, which then pays. */
async function requireKey(ctx: Ctx, model: CreateTranscription['model']): Promise<void> {
  if (model !== OPENAI_MODEL) return;
  requirePermission(ctx.actor, 'ai:write');
  const [keys] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  if (!keys.some(({ provider }) => provider === ctx.ports.hostedRecognition.provider))
    throw transcriptErrors.noKey();
}

function planTranscription(
  ctx: Ctx,
  subject: Subject,
  { language, model }: CreateTranscription,
): Transcription {
  const now = new Date(ctx.clock.now());
  return {
    ...subject,
    callId: null,
    id: ctx.ids.create('transcription'),
    organizationId: ctx.organizationId,
    state: 'requested',
    reason: null,
    requestedLanguage: language ?? null,
    language: null,
    languageConfidence: null,
    model,
    requestedBy: actorId(ctx.actor)!, // the system has no permissions
    pieceCount: null,
    piecesDone: 0,
    durationMs: null,
    transcribedMs: 0,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/**
 * Requests the transcription of a file or a recording.
 * @throws AppError as `getFile` and `findRecording`; `transcripts.not_configured`, `transcripts.no_key`,
 * `transcripts.not_sound`, `transcripts.not_scanned`, `recordings.not_ready`, `transcripts.already_running`,
 * `transcripts.too_many`, `billing.limit_reached` or `auth.forbidden`
 */
export async function createTranscription(ctx: Ctx, input: CreateTranscription): Promise<FoundTranscription> {
  requirePermission(ctx.actor, 'transcripts:write');
  const subject = await requireSubject(ctx, input);
  if (!ctx.ports.speech) throw transcriptErrors.notConfigured();
  await requireKey(ctx, input.model);
  const row = planTranscription(ctx, subject, input);
  const { id: transcriptionId } = row;
  return ctx.commit({
    write: (q) => [
      ...insertTranscription(q, row),
      holdIncluded(q, { organizationId: row.organizationId, now: row.createdAt }, [
        { meter: 'transcription_minutes', quantity: 0 },
      ]),
    ],
    audit: {
      action: 'transcription.requested',
      target: { type: 'transcription', id: transcriptionId },
      after: { ...subject, requestedLanguage: row.requestedLanguage },
    },
    events: [transcriptionRequested.of({ transcriptionId })],
    result: { transcription: row, roomId: input.roomId ?? null },
  });
}
