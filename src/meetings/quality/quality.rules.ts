import type { Actor } from '../../platform/core/index.ts';
import { identityOf, isAdministrator } from '../rooms/index.ts';
import { qualityErrors } from './quality.errors.ts';
import type { CounterMark } from './quality.tables.ts';
import type { KeptSample } from './packing.rules.ts';
import type { KeepSamples } from './quality.schemas.ts';

/** Who may see everybody's figures and speak for everybody: services, and who administers the organization's rooms. */
export const seesEverybody = (actor: Actor): boolean => actor.kind === 'apiKey' || isAdministrator(actor);

/** Whose samples and feedback the actor may give: any participant's for a service, else their own alone. */
export function speaksFor(actor: Actor, { identity, roomId }: { identity: string; roomId: string }): boolean {
  if (actor.kind === 'apiKey') return true;
  if (actor.kind === 'guest' && actor.roomId !== roomId) return false;
  return identityOf(actor) === identity;
}

/** Milliseconds. */
const OLDEST = 3_600_000;
/** A batch on its way; and clocks that are read a little later than windows end. */
const SLACK = 2_000;

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
export function usableSamples({ samples, sentAt }: KeepSamples, span: CallSpan, nowMs: number): KeptSample[] {
  const offset = nowMs - Date.parse(sentAt);
  const from = Math.max(span.createdMs, nowMs - OLDEST);
  const to = Math.min(nowMs, span.endedMs ?? nowMs) + SLACK;
  const ends = new Set<number>();
  return samples
    .map(({ measuredAt, ...rest }): KeptSample => ({ ...rest, endMs: Date.parse(measuredAt) + offset }))
    .filter(({ endMs }) => endMs >= from && endMs <= to)
    .sort((a, b) => a.endMs - b.endMs)
    .filter(({ endMs }) => !ends.has(endMs) && ends.add(endMs))
    .map((sample) => ({ ...sample, endMs: Math.min(sample.endMs, nowMs) }));
}

/** Bytes a second that nobody's connection exceeds: what is told beyond it is not counted. */
const MAX_BYTES_PER_SECOND = 125_000_000;
/** Connections of a participant whose counters are remembered; who has had more begins anew with the oldest. */
const MAX_MARKS = 20;

export interface Counted {
  sentBytes: number;
  receivedBytes: number;
  marks: CounterMark[];
}

/**
 * What a batch adds to the bytes that were counted. Counters run since the connection began, so a batch that is lost is
 * made up for by the next. A counter that is lower than before began anew, and counts from nothing. Samples not later
 * than what was counted already add nothing: they come late, and their bytes are in the later ones.
 */
export function countBytes(
  batch: KeepSamples,
  marks: readonly CounterMark[],
  span: CallSpan,
  nowMs: number,
): Counted {
  const known = marks.find(({ connection }) => connection === batch.connection);
  let mark = known ?? { connection: batch.connection, atMs: -Infinity, sentBytes: 0, receivedBytes: 0 };
  let [sentBytes, receivedBytes] = [0, 0];
  const sent = Date.parse(batch.sentAt);
  const told = batch.samples
    .flatMap((sample) => {
      const atMs = Date.parse(sample.measuredAt);
      const { sentBytes: up, receivedBytes: down } = sample;
      return up === undefined || down === undefined || atMs > sent + SLACK ? [] : [{ atMs, up, down }];
    })
    .sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, up, down } of told) {
    if (atMs <= mark.atMs) continue;
    const seconds = Math.min(atMs - mark.atMs, nowMs - span.createdMs + SLACK) / 1000;
    const most = Math.round(Math.max(0, seconds) * MAX_BYTES_PER_SECOND);
    sentBytes += Math.min(most, up >= mark.sentBytes ? up - mark.sentBytes : up);
    receivedBytes += Math.min(most, down >= mark.receivedBytes ? down - mark.receivedBytes : down);
    mark = { connection: batch.connection, atMs, sentBytes: up, receivedBytes: down };
  }
  const others = marks.filter(({ connection }) => connection !== batch.connection);
  const kept = Number.isFinite(mark.atMs) ? [...others, mark].slice(-MAX_MARKS) : [...marks];
  return { sentBytes, receivedBytes, marks: kept };
}

/** Batches of one participant that are kept: a day of one each 15 seconds. */
const MAX_BATCHES = 6_000;
/** Characters of packed samples of one participant that are kept: that day with twenty tracks at a time and more. */
export const MAX_SIZE = 20_000_000;

/**
 * Refuses a batch that is one too many, or too much, of its participant.
 * @param size length of the packed batch
 * @throws AppError `quality.samples_exhausted`
 */
export function requireSpace(kept: { batches: number; size: number } | null, size: number): void {
  const { batches: count, size: sum } = kept ?? { batches: 0, size: 0 };
  if (count < MAX_BATCHES && sum + size <= MAX_SIZE) return;
  throw qualityErrors.samplesExhausted({
    detail: `at most ${MAX_BATCHES} batches and ${MAX_SIZE} characters of packed samples are kept`,
  });
}

/** Characters of packed samples that one answer looks at. */
export const READ_BUDGET = 4_000_000;
