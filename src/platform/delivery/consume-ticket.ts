import { createCtx, type Ctx, type Services, systemScope } from '../context/index.ts';
import { type LogFields, PermanentFailure, within } from '../core/index.ts';
import { continueTrace, parentSpanOf } from '../http/index.ts';
import type { Job } from '../outbox/index.ts';
import type { Ticket } from './delivery.ports.ts';
import { beginWork, endWork, type Letter } from './delivery.queries.ts';
import {
  backoffMs,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_TIME_LIMIT_SECONDS,
  MAX_TIME_LIMIT_SECONDS,
  reasonOf,
  RUNNING_LEASE_MS,
} from './delivery.rules.ts';

/** ignored: a doubled or stale ticket. overtaken: the work took longer than its lease, and its end counts no more. */
export type Outcome = 'done' | 'retried' | 'dead' | 'ignored' | 'overtaken';

/** Keeps the isolate alive for work that nobody waits for: `waitUntil`. */
export type KeepAlive = (work: Promise<unknown>) => void;

export interface Settlement {
  outcome: Outcome;
  /** Lanes in which something may go now. */
  lanes: string[];
}

/** The one wide event of a message. */
type MessageEvent = LogFields & { type: string; outcome: string };

type End = { outcome: 'done' } | { outcome: 'retried' | 'dead'; error: unknown };

class JobError extends Error {
  override readonly name = 'JobError';
}

/** What a job acts as: the system, within the organization the effect belongs to. */
function jobCtx(
  services: Services,
  letter: Letter,
  event: MessageEvent,
  lanes: Set<string>,
  keepAlive: KeepAlive,
) {
  const traceparent = continueTrace(letter.traceparent, services.ids);
  const trace = services.telemetry.tracer.begin({
    traceparent,
    parentSpanId: parentSpanOf(letter.traceparent),
    name: letter.type,
    kind: 'consumer',
  });
  let roundTrips = 0;
  const after: Ctx['after'] = (name, work) => {
    const guarded = async () => {
      try {
        await work();
      } catch (error) {
        services.log.error('after.failed', { name, requestId: letter.id, error });
      }
    };
    keepAlive(guarded());
  };
  const ctx = createCtx(services, {
    actor: { kind: 'system', name: letter.type, organizationId: letter.organizationId },
    origin: { requestId: letter.id, traceparent, ip: null, userAgent: null, continent: null },
    after,
    onEffects: (written) => written.forEach((lane) => lanes.add(lane)),
    onRoundTrip: () => {
      event.roundTrips = ++roundTrips;
    },
    trace,
  });
  event.traceparent = traceparent;
  const close = (outcome: Outcome, failed: boolean) => {
    const attributes = { 'messaging.message.id': letter.id, outcome, attempt: letter.attempts };
    trace.end({ failed, remarkable: failed, attributes }, keepAlive);
  };
  return { ctx, close };
}

async function runJob(job: Job | undefined, letter: Letter, ctx: Ctx): Promise<End> {
  const maxAttempts = job?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  const dead = (reason: string): End => ({ outcome: 'dead', error: new JobError(reason) });
  if (!job) return dead(`no job is declared for ${letter.type}`);
  if (letter.attempts > maxAttempts)
    return dead(`attempt ${maxAttempts} of ${maxAttempts} ended without a word`);
  const seconds = Math.min(job.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS, MAX_TIME_LIMIT_SECONDS);
  try {
    const payload = job.payload.safeParse(letter.payload);
    if (!payload.success) return { outcome: 'dead', error: payload.error };
    const delivery = { id: letter.id, attempt: letter.attempts };
    const late = () => new JobError(`took longer than ${seconds} s`);
    // The work cannot be stopped, only given up on: its lease is longer than its limit, so nobody else has it by then.
    if (job.handle) await within(job.handle(ctx, payload.data as never, delivery), seconds * 1000, late);
    return { outcome: 'done' };
  } catch (error) {
    const hopeless = error instanceof PermanentFailure || letter.attempts >= maxAttempts;
    return { outcome: hopeless ? 'dead' : 'retried', error };
  }
}

/** What an end makes of the row. */
function endOf({ clock, ids }: Services, { attempts }: Letter, end: End): Parameters<typeof endWork>[2] {
  const nowMs = clock.now();
  const finishedAt = new Date(nowMs);
  if (end.outcome === 'done') return { status: 'done', lastError: null, finishedAt };
  const lastError = reasonOf(end.error);
  if (end.outcome === 'dead') return { status: 'dead', lastError, finishedAt };
  return {
    status: 'pending',
    lastError,
    availableAt: new Date(nowMs + backoffMs(attempts, ids.random(4))),
  };
}

/** Stores how it ended; false when the row is in other hands by now. */
async function storeEnd(services: Services, letter: Letter, end: End): Promise<boolean> {
  const set = endOf(services, letter, end);
  const [changed] = await services.database.read(systemScope, (q) => [endWork(q, letter, set)]);
  return changed.length === 1;
}

async function workOff(
  services: Services,
  jobs: readonly Job[],
  letter: Letter,
  event: MessageEvent,
  keepAlive: KeepAlive,
): Promise<Settlement> {
  const lanes = new Set([letter.lane]);
  const { ctx, close } = jobCtx(services, letter, event, lanes, keepAlive);
  const job = jobs.find((each) => each.type === letter.type);
  const end = await runJob(job, letter, ctx);
  if ('error' in end) event.error = end.error;
  let outcome: Outcome = end.outcome;
  try {
    if (!(await storeEnd(services, letter, end))) outcome = 'overtaken';
    event.outcome = outcome;
  } finally {
    close(outcome, 'error' in end);
  }
  return { outcome, lanes: [...lanes] };
}

/**
 * Does what one ticket asks for: takes its row, runs the job, stores how it ended. A failure of the job is an outcome,
 * not an exception; it harms no other message. One wide event, whatever happens.
 * @param keepAlive lets work that no message waits for, such as the export of spans, come to its end
 * @throws AppError `server.unavailable` when the outcome could not be stored: the ticket must come again
 */
export async function consumeTicket(
  services: Services,
  jobs: readonly Job[],
  ticket: Ticket,
  keepAlive: KeepAlive = () => undefined,
): Promise<Settlement> {
  const startedAt = services.clock.now();
  const event: MessageEvent = { requestId: ticket.id, type: 'unknown', outcome: 'unsettled' };
  try {
    const [[letter]] = await services.database.read(systemScope, (q) => [
      beginWork(q, ticket.id, startedAt + RUNNING_LEASE_MS),
    ]);
    if (!letter) {
      event.outcome = 'ignored';
      return { outcome: 'ignored', lanes: [] };
    }
    const { type, organizationId, attempts: attempt, availableAt } = letter;
    Object.assign(event, { type, organizationId, attempt, waitedMs: startedAt - availableAt.getTime() });
    return await workOff(services, jobs, letter, event, keepAlive);
  } catch (error) {
    event.error = error;
    throw error;
  } finally {
    event.durationMs = services.clock.now() - startedAt;
    const labels = { type: event.type, outcome: event.outcome };
    services.telemetry.counters.add('auralink_isolate_outbox_handled_total', labels);
    services.log[event.error === undefined ? 'info' : 'error']('outbox.message', event);
  }
}
