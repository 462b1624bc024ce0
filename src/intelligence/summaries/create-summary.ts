import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requirePermission } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { worstCostMicros } from '../ai-budgets/index.ts';
import { chatRequestOf, type CreateGeneration } from '../generation-requests/index.ts';
import { type Generation, type GenerationOrigin, startGeneration } from '../generations/index.ts';
import { type AiModel, findModel } from '../models/index.ts';
import { readTranscript, type Segment, type Transcription } from '../transcripts/index.ts';
import { extract } from './extract.rules.ts';
import { isTooLong, questionOf } from './prompt.rules.ts';
import { summaryErrors } from './summaries.errors.ts';
import { summaryFinished } from './summaries.events.ts';
import { insertSummary } from './summaries.queries.ts';
import type { CreateSummary } from './summaries.schemas.ts';
import type { Summary } from './summaries.tables.ts';

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const auditOf = ({ id, transcriptionId, method }: Summary) => ({
  action: 'summary.requested',
  target: { type: 'summary', id },
  after: { transcriptionId, method },
});

/** The additions of another module to a summary that it requests. */
export interface SummaryRecord {
  /** Stored in the commit of the summary. */
  write(q: Queries, summary: Summary): readonly Statement[];
  /** The feature, as usage and costs name it. */
  feature: GenerationOrigin['feature'];
  /**
   * The most that the question may cost, in millionths of a USD; null for no limit except the budget of the
   * organization.
   */
  maxCostMicros: number | null;
}

/** Asks a model, and stores the summary for its answer in the same commit as the question. */
async function askForSummary(
  ctx: Ctx,
  row: Summary,
  segments: readonly Segment[],
  { model, fallbackModels, origin }: CreateSummary & { model: string; origin: GenerationOrigin },
  record: SummaryRecord | undefined,
): Promise<Summary> {
  const { language, heldOn } = row;
  const question = questionOf(segments, { model, fallbackModels, language, heldOn });
  const models = [model, ...(fallbackModels ?? [])].flatMap((id) => findModel(id) ?? []);
  if (models.some(({ contextTokens }) => isTooLong(question, contextTokens))) throw summaryErrors.tooLong();
  if (record && record.maxCostMicros !== null)
    await requireAffordable(ctx, question, models, record.maxCostMicros);
  const askedBy = ({ id }: Generation): Summary => ({ ...row, generationId: id });
  const { row: generation } = await startGeneration(ctx, question, {
    write: (q, started) => [
      ...insertSummary(q, askedBy(started)),
      ...(record?.write(q, askedBy(started)) ?? []),
    ],
    audit: auditOf(row),
    resultOf: askedBy,
    conflicts: {},
    origin,
    isInBackground: true,
  });
  return askedBy(generation);
}

/** @throws AppError `summaries.too_expensive`, also when a price is unknown: an unknown price is not zero */
async function requireAffordable(
  ctx: Ctx,
  question: CreateGeneration,
  models: readonly AiModel[],
  maxCostMicros: number,
): Promise<void> {
  for (const model of models) {
    const cost = worstCostMicros(chatRequestOf(question), await ctx.ports.modelPrices.find(ctx, model));
    if (cost === null) throw summaryErrors.tooExpensive({ detail: `a price of ${model.id} is unknown` });
    if (cost > BigInt(maxCostMicros)) throw summaryErrors.tooExpensive();
  }
}

/** The row of a new summary by a model. */
function rowOf(ctx: Ctx, transcription: Transcription, { language, heldOn }: CreateSummary): Summary {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('summary'),
    organizationId: ctx.organizationId,
    transcriptionId: transcription.id,
    method: 'model',
    state: 'running',
    reason: null,
    generationId: null,
    language: language ?? transcription.language,
    heldOn: heldOn ?? dayOf(transcription.createdAt),
    content: null,
    unsupported: 0,
    requestedBy: actorId(ctx.actor)!, // the system has no permissions
    createdAt: now,
    endedAt: null,
    version: 1,
  };
}

/**
 * Summarizes a transcript: with the sentences that say most, at once, or by a model, in the background.
 * @throws AppError as `readTranscript`; `summaries.nothing_said`, `summaries.too_long`, `summaries.too_many`; with a model as
 * `startGeneration`
 */
export async function createSummary(
  ctx: Ctx,
  transcriptionId: string,
  input: CreateSummary,
  record?: SummaryRecord,
): Promise<Summary> {
  requirePermission(ctx.actor, 'transcripts:write');
  const { transcription, segments, roomId, recordedCallId } = await readTranscript(ctx, transcriptionId);
  if (segments.length === 0) throw summaryErrors.nothingSaid();
  const row = rowOf(ctx, transcription, input);
  const { model } = input;
  const call = transcription.callId ?? recordedCallId;
  const origin: GenerationOrigin = {
    feature: record?.feature ?? 'summaries',
    ...(roomId === null ? {} : { room: roomId }),
    ...(call === null ? {} : { call }),
  };
  if (model !== undefined) return askForSummary(ctx, row, segments, { ...input, model, origin }, record);
  const made: Summary = {
    ...row,
    method: 'extractive',
    state: 'ready',
    language: transcription.language,
    content: extract(segments),
    endedAt: row.createdAt,
  };
  return ctx.commit({
    write: (q) => [...insertSummary(q, made), ...(record?.write(q, made) ?? [])],
    audit: auditOf(made),
    events: [summaryFinished.of({ summaryId: made.id, state: 'ready', reason: null })],
    result: made,
  });
}
