import { countIncluded, isIncludedLeft } from '../../calls/included-use/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { translatedEvent } from '../speech-usage/index.ts';
import { insertNewSegments, type Segment, selectTranscription } from '../transcripts/index.ts';
import { settleBudget } from './caption-costs.ts';
import { captionErrors } from './captions.errors.ts';
import { captionsKept } from './captions.events.ts';
import { changeCaptions } from './captions.queries.ts';
import type { CaptionReport } from './captions.schemas.ts';
import type { CallCaptions } from './captions.tables.ts';
import { endOf } from './end-captions.ts';
import { findReporting } from './report-token.ts';

const toMs = (seconds: number) => Math.round(seconds * 1000);

const segmentsOf = (
  { organizationId }: CallCaptions,
  transcriptionId: string,
  { segments }: CaptionReport,
): Segment[] =>
  segments.map(({ startSeconds, endSeconds, words, ...said }) => ({
    ...said,
    transcriptionId,
    organizationId,
    startMs: toMs(startSeconds),
    endMs: toMs(Math.max(startSeconds, endSeconds)),
    confidence: null,
    words: words.map(({ startSeconds: from, endSeconds: to, ...word }) => ({
      ...word,
      startMs: toMs(from),
      endMs: toMs(to),
    })),
    correctedBy: null,
    correctedAt: null,
    version: 1,
  }));

/**
 * Takes a report of the process that writes captions: its segments are added to the transcript, and its use is
 * counted. The same report again changes nothing.
 * @throws AppError `auth.invalid_token`, `auth.expired_token`, `captions.not_running` or `captions.over`
 */
export async function receiveReport(ctx: Ctx, authorization: string, report: CaptionReport): Promise<void> {
  const { own, captions, isConsentNeeded } = await findReporting(ctx, authorization);
  if (captions.lastReport === report.report) return;
  if (captions.endedAt !== null) throw captionErrors.over();
  // When a room begins to need consent, nothing is kept from then on.
  await storeReport(own, captions, isConsentNeeded ? { ...report, segments: [] } : report);
}

/** The events about the segments that a report added to the transcript. */
function keptEvents({ roomId, transcriptionId }: CallCaptions, { segments }: CaptionReport): DomainEvent[] {
  const positions = segments.filter(({ isGap }) => !isGap).map(({ position }) => position);
  if (transcriptionId === null || positions.length === 0) return [];
  return [captionsKept.of({ roomId, transcriptionId, positions })];
}

async function storeReport(ctx: Ctx, captions: CallCaptions, report: CaptionReport): Promise<void> {
  const { organizationId, transcriptionId } = captions;
  const isCovered = await settleBudget(ctx, captions.id, report);
  const [[kept]] =
    transcriptionId === null
      ? [[undefined]]
      : await ctx.read((q) => [selectTranscription(q, organizationId, transcriptionId)]);
  const now = new Date(ctx.clock.now());
  const set = {
    lastReport: report.report,
    transcribedMs: captions.transcribedMs + toMs(report.sentSeconds),
    reportedAt: now,
  };
  const [{ rows: left }] = await ctx.read((q) => [
    isIncludedLeft(q, { organizationId, now: captions.createdAt }, 'caption_minutes'),
  ]);
  const endReason = left[0]!.isLeft ? (isCovered ? null : 'out_of_budget') : 'limit_reached';
  const end = endReason && endOf(ctx, captions, endReason, set);
  await ctx.commit({
    write: (q) => [
      ...(kept ? insertNewSegments(q, segmentsOf(captions, kept.transcription.id, report)) : []),
      ...(end ? end.write(q) : [changeCaptions(q, captions, { ...set, updatedAt: now })]),
      countIncluded(q, { organizationId, at: captions.createdAt }, [
        { meter: 'caption_minutes', quantity: toMs(report.sentSeconds) },
      ]),
      countIncluded(q, { organizationId, at: now }, [
        { meter: 'translated_characters', quantity: report.translatedCharacters },
      ]),
    ],
    ...(end && { audit: end.audit }),
    events: [
      ...(end?.events ?? []),
      ...(kept ? keptEvents(captions, report) : []),
      ...(report.translatedCharacters > 0
        ? [translatedEvent(ctx, report.translatedCharacters, { ...captions, at: now })]
        : []),
    ],
    result: undefined,
  });
}
