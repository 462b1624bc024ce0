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

/** Bytes a second that nobody exceeds in one direction: what is told beyond it is not counted. */
const MAX_BYTES_PER_SECOND = 125_000_000;
/** Connections of a participant whose counters are remembered; who has had more begins anew with the oldest. */
const MAX_MARKS = 20;

export interface Counted {
  sentBytes: number;
  receivedBytes: number;
  marks: CounterMark[];
}

/** The bytes of a participant that were counted so far, and how far their connections' counters were. */
interface CountedSoFar {
  bytesSent: number;
  bytesReceived: number;
  marks: readonly CounterMark[];
}

/** Samples that tell bytes, in their order; those that the client dates later than the batch are left out. */
function toldBytes({ samples, sentAt }: KeepSamples) {
  const latest = Date.parse(sentAt) + SLACK;
  return samples
    .flatMap(({ measuredAt, sentBytes, receivedBytes }) => {
      const atMs = Date.parse(measuredAt);
      const untold = sentBytes === undefined || receivedBytes === undefined;
      return untold || atMs > latest ? [] : [{ atMs, sentBytes, receivedBytes }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** What counters grew over samples: one that is lower than before in a later sample began anew, and counts from nothing. */
function growthOf(told: ReturnType<typeof toldBytes>, mark: CounterMark | undefined) {
  let last = mark ?? { atMs: -Infinity, sentBytes: 0, receivedBytes: 0 };
  let [up, down] = [0, 0];
  for (const sample of told) {
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
  batch: KeepSamples,
  soFar: CountedSoFar | null,
  { createdMs }: CallSpan,
  nowMs: number,
): Counted {
  const { connection, sequence } = batch;
  const { bytesSent = 0, bytesReceived = 0, marks = [] } = soFar ?? {};
  const known = marks.find((each) => each.connection === connection);
  const told = toldBytes(batch);
  const isLate = known !== undefined && sequence <= (known.sequence ?? -1);
  if (isLate || told.length === 0) return { sentBytes: 0, receivedBytes: 0, marks: [...marks] };
  const { up, down, last } = growthOf(told, known);
  const since = (fromMs: number) =>
    Math.round((Math.max(0, nowMs - fromMs + SLACK) / 1000) * MAX_BYTES_PER_SECOND);
  const atOnce = since(known?.countedAtMs ?? createdMs);
  // Connections side by side share one limit, or each new name would have one of its own.
  const bound = (bytes: number, counted: number) =>
    Math.max(0, Math.min(bytes, atOnce, since(createdMs) - counted));
  const others = marks.filter((each) => each.connection !== connection);
  return {
    sentBytes: bound(up, bytesSent),
    receivedBytes: bound(down, bytesReceived),
    marks: [...others, { connection, sequence, countedAtMs: nowMs, ...last }].slice(-MAX_MARKS),
  };
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
