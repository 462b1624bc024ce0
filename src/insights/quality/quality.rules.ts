import type { Actor } from '../../kernel/core/index.ts';
import { identityOf, isAdministrator } from '../../rooms/access/index.ts';
import { qualityErrors } from './quality.errors.ts';
import type { CounterMark } from './quality.tables.ts';
import type { StoredSample } from './sample-packing.rules.ts';
import type { SampleBatchInput } from './quality.schemas.ts';

/** Whether the actor sees the figures of all participants: an API key, or an administrator of the organization's rooms. */
export const seesAllParticipants = (actor: Actor): boolean =>
  actor.kind === 'apiKey' || isAdministrator(actor);

/** Whether the actor may report for the participant: an API key for any, members and guests for themselves only. */
export function mayReportFor(
  actor: Actor,
  { identity, roomId }: { identity: string; roomId: string },
): boolean {
  if (actor.kind === 'apiKey') return true;
  if (actor.kind === 'guest' && actor.roomId !== roomId) return false;
  return identityOf(actor) === identity;
}

const MAX_AGE_MS = 3_600_000;
/** Allows for network delay, and for clients that read the clock slightly late. */
const TOLERANCE_MS = 2_000;

/** Start and end of a call, in milliseconds since the epoch. */
export interface CallSpan {
  createdMs: number;
  endedMs: number | null;
}

/**
 * The usable samples in order, with times by the server's clock: the client sent the batch now, so its clock is off by the
 * difference to `sentAt`. Leaves out samples that are in the future by the client's clock, outside of the call, or more
 * than an hour old, and those that could not be read (null); of several that end at the same moment it takes the first.
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
    .filter((sample) => sample !== null)
    .map(({ measuredAt, ...rest }): StoredSample => ({ ...rest, endMs: Date.parse(measuredAt) + offset }))
    .filter(({ endMs }) => endMs >= from && endMs <= to)
    .sort((a, b) => a.endMs - b.endMs)
    .filter(({ endMs }) => !ends.has(endMs) && ends.add(endMs))
    .map((sample) => ({ ...sample, endMs: Math.min(sample.endMs, nowMs) }));
}

/** 1 Gbit/s in one direction: more is not counted, because no client can send it. */
const MAX_BYTES_PER_SECOND = 125_000_000;
/** Connections of a participant whose counters are kept; the counters of older ones count from zero again. */
const MAX_MARKS = 20;

export interface CountedBytes {
  sentBytes: number;
  receivedBytes: number;
  marks: CounterMark[];
}

/** A participant's bytes so far, and the last counters of their connections. */
interface PreviousCounts {
  bytesSent: number;
  bytesReceived: number;
  marks: readonly CounterMark[];
}

/** The samples with byte counters in order, without those that the client dates later than the batch. */
function reportedBytes({ samples, sentAt }: SampleBatchInput) {
  const latest = Date.parse(sentAt) + TOLERANCE_MS;
  return samples
    .filter((sample) => sample !== null)
    .flatMap(({ measuredAt, sentBytes, receivedBytes }) => {
      const atMs = Date.parse(measuredAt);
      const incomplete = sentBytes === undefined || receivedBytes === undefined;
      return incomplete || atMs > latest ? [] : [{ atMs, sentBytes, receivedBytes }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** Growth of the counters over the samples. A later sample with a lower counter has restarted and counts from zero. */
function counterGrowth(reported: ReturnType<typeof reportedBytes>, mark: CounterMark | undefined) {
  let last = mark ?? { atMs: -Infinity, sentBytes: 0, receivedBytes: 0 };
  let [up, down] = [0, 0];
  for (const sample of reported) {
    const [sent, received] = [sample.sentBytes - last.sentBytes, sample.receivedBytes - last.receivedBytes];
    // Counted before.
    if (sample.atMs <= last.atMs && sent <= 0 && received <= 0) continue;
    up += sent >= 0 ? sent : sample.sentBytes;
    down += received >= 0 ? received : sample.receivedBytes;
    last = sample;
  }
  const { atMs, sentBytes, receivedBytes } = last;
  return { up, down, last: { atMs, sentBytes, receivedBytes } };
}

/**
 * The bytes that a batch adds to the participant's totals. Counters run since the connection began, so the next batch makes
 * up for a lost one, and a late batch, whose number is not above the last counted one, adds nothing. The order is taken
 * from the batch's number and the time that its bytes had from the server's clock, because clients adjust their clocks.
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
  // All connections of a participant share one limit; otherwise a client could get more by naming new connections.
  const limitBytes = (bytes: number, counted: number) =>
    Math.max(0, Math.min(bytes, maxInBatch, maxBytesSince(createdMs) - counted));
  const others = marks.filter((each) => each.connection !== connection);
  return {
    sentBytes: limitBytes(up, bytesSent),
    receivedBytes: limitBytes(down, bytesReceived),
    marks: [...others, { connection, sequence, countedAtMs: nowMs, ...last }].slice(-MAX_MARKS),
  };
}

/** Stored batches of one participant: one each 15 seconds for a day. */
const MAX_BATCHES = 6_000;
/** Stored characters of packed samples of one participant: enough for that day with more than twenty tracks. */
export const MAX_STORED_CHARACTERS = 20_000_000;

/**
 * Refuses a batch that exceeds the participant's storage.
 * @param size length of the packed batch
 * @throws AppError `quality.samples_exhausted`
 */
export function requireStorageSpace(stored: { batches: number; size: number } | null, size: number): void {
  const { batches: count, size: sum } = stored ?? { batches: 0, size: 0 };
  if (count < MAX_BATCHES && sum + size <= MAX_STORED_CHARACTERS) return;
  throw qualityErrors.samplesExhausted({
    detail: `at most ${MAX_BATCHES} batches and ${MAX_STORED_CHARACTERS} characters of packed samples are stored for a participant`,
  });
}

/** Characters of packed samples that one answer reads. */
export const READ_BUDGET_CHARACTERS = 4_000_000;
