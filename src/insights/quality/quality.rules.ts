import type { Actor } from '../../kernel/core/index.ts';
import { identityOf, isAdministrator } from '../../rooms/rooms/index.ts';
import { qualityErrors } from './quality.errors.ts';
import type { CounterMark } from './quality.tables.ts';
import type { StoredSample } from './sample-packing.rules.ts';
import type { SampleBatchInput } from './quality.schemas.ts';

/** Who may see everybody's figures and speak for everybody: services, and who administers the organization's rooms. */
export const seesAllParticipants = (actor: Actor): boolean =>
  actor.kind === 'apiKey' || isAdministrator(actor);

/** Whose samples and feedback the actor may give: any participant's for a service, else their own alone. */
export function mayReportFor(
  actor: Actor,
  { identity, roomId }: { identity: string; roomId: string },
): boolean {
  if (actor.kind === 'apiKey') return true;
  if (actor.kind === 'guest' && actor.roomId !== roomId) return false;
  return identityOf(actor) === identity;
}

/** Milliseconds. */
const MAX_AGE_MS = 3_600_000;
/** A batch on its way; and clocks that are read a little later than windows end. */
const TOLERANCE_MS = 2_000;

/** When the call was, milliseconds since the epoch. */
export interface CallSpan {
  createdMs: number;
  endedMs: number | null;
}

/**
 * The samples that are of use, by the server's clock and in order. The client's clock may be anything: it sent the batch
 * now, so it is off by the difference. What is of the future by its own clock, from before or after the call, or more
 * than an hour old, is left out; of several windows that end at once only the first is taken.
 */
export function usableSamples(
  { samples, sentAt }: SampleBatchInput,
  span: CallSpan,
  nowMs: number,
): StoredSample[] {
  const offset = nowMs - Date.parse(sentAt);
  const from = Math.max(span.createdMs, nowMs - MAX_AGE_MS);
  const to = Math.min(nowMs, span.endedMs ?? nowMs) + TOLERANCE_MS;
  const ends = new Set<number>();
  return samples
    .map(({ measuredAt, ...rest }): StoredSample => ({ ...rest, endMs: Date.parse(measuredAt) + offset }))
    .filter(({ endMs }) => endMs >= from && endMs <= to)
    .sort((a, b) => a.endMs - b.endMs)
    .filter(({ endMs }) => !ends.has(endMs) && ends.add(endMs))
    .map((sample) => ({ ...sample, endMs: Math.min(sample.endMs, nowMs) }));
}

/** Bytes a second that nobody exceeds in one direction: what is told beyond it is not counted. */
const MAX_BYTES_PER_SECOND = 125_000_000;
/** Connections of a participant whose counters are remembered; who has had more begins anew with the oldest. */
const MAX_MARKS = 20;

export interface CountedBytes {
  sentBytes: number;
  receivedBytes: number;
  marks: CounterMark[];
}

/** The bytes of a participant that were counted so far, and how far their connections' counters were. */
interface PreviousCounts {
  bytesSent: number;
  bytesReceived: number;
  marks: readonly CounterMark[];
}

/** Samples that tell bytes, in their order; those that the client dates later than the batch are left out. */
function reportedBytes({ samples, sentAt }: SampleBatchInput) {
  const latest = Date.parse(sentAt) + TOLERANCE_MS;
  return samples
    .flatMap(({ measuredAt, sentBytes, receivedBytes }) => {
      const atMs = Date.parse(measuredAt);
      const incomplete = sentBytes === undefined || receivedBytes === undefined;
      return incomplete || atMs > latest ? [] : [{ atMs, sentBytes, receivedBytes }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** What counters grew over samples: one that is lower than before in a later sample began anew, and counts from nothing. */
function counterGrowth(reported: ReturnType<typeof reportedBytes>, mark: CounterMark | undefined) {
  let last = mark ?? { atMs: -Infinity, sentBytes: 0, receivedBytes: 0 };
  let [up, down] = [0, 0];
  for (const sample of reported) {
    const [sent, received] = [sample.sentBytes - last.sentBytes, sample.receivedBytes - last.receivedBytes];
    // Told before already.
    if (sample.atMs <= last.atMs && sent <= 0 && received <= 0) continue;
    up += sent >= 0 ? sent : sample.sentBytes;
    down += received >= 0 ? received : sample.receivedBytes;
    last = sample;
  }
  const { atMs, sentBytes, receivedBytes } = last;
  return { up, down, last: { atMs, sentBytes, receivedBytes } };
}

/**
 * What a batch adds to the bytes that were counted. Counters run since the connection began, so a batch that is lost is
 * made up for by the next, and one whose number is not higher than the last counted one's comes late and adds nothing.
 * Which batch is later is told by its number, and how long there was for its bytes by the server's clock: those of
 * clients are set right, or lie.
 */
export function countBytes(
  batch: SampleBatchInput,
  previous: PreviousCounts | null,
  { createdMs }: CallSpan,
  nowMs: number,
): CountedBytes {
  const { connection, sequence } = batch;
  const { bytesSent = 0, bytesReceived = 0, marks = [] } = previous ?? {};
  const previousMark = marks.find((each) => each.connection === connection);
  const reported = reportedBytes(batch);
  const isLate = previousMark !== undefined && sequence <= (previousMark.sequence ?? -1);
  if (isLate || reported.length === 0) return { sentBytes: 0, receivedBytes: 0, marks: [...marks] };
  const { up, down, last } = counterGrowth(reported, previousMark);
  const maxBytesSince = (fromMs: number) =>
    Math.round((Math.max(0, nowMs - fromMs + TOLERANCE_MS) / 1000) * MAX_BYTES_PER_SECOND);
  const maxInBatch = maxBytesSince(previousMark?.countedAtMs ?? createdMs);
  // Connections side by side share one limit, or each new name would have one of its own.
  const limitBytes = (bytes: number, counted: number) =>
    Math.max(0, Math.min(bytes, maxInBatch, maxBytesSince(createdMs) - counted));
  const others = marks.filter((each) => each.connection !== connection);
  return {
    sentBytes: limitBytes(up, bytesSent),
    receivedBytes: limitBytes(down, bytesReceived),
    marks: [...others, { connection, sequence, countedAtMs: nowMs, ...last }].slice(-MAX_MARKS),
  };
}

/** Batches of one participant that are kept: a day of one each 15 seconds. */
const MAX_BATCHES = 6_000;
/** Characters of packed samples of one participant that are kept: that day with twenty tracks at a time and more. */
export const MAX_STORED_CHARACTERS = 20_000_000;

/**
 * Refuses a batch that is one too many, or too much, of its participant.
 * @param size length of the packed batch
 * @throws AppError `quality.samples_exhausted`
 */
export function requireStorageSpace(stored: { batches: number; size: number } | null, size: number): void {
  const { batches: count, size: sum } = stored ?? { batches: 0, size: 0 };
  if (count < MAX_BATCHES && sum + size <= MAX_STORED_CHARACTERS) return;
  throw qualityErrors.samplesExhausted({
    detail: `at most ${MAX_BATCHES} batches and ${MAX_STORED_CHARACTERS} characters of packed samples are kept`,
  });
}

/** Characters of packed samples that one answer looks at. */
export const READ_BUDGET_CHARACTERS = 4_000_000;
