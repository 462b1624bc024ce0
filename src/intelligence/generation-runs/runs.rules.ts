import { type Actor, cutText } from '../../kernel/core/index.ts';
import {
  type Candidate,
  type GenerationEvent,
  type GenerationFailure,
  type GenerationHold,
  type GenerationOrigin,
  type GenerationOutcome,
  type GenerationPlan,
  type GenerationRef,
  NO_USAGE,
  type StoredRoute,
} from '../generations/index.ts';
import { mostInputTokens } from '../ai-budgets/index.ts';
import type { ReuseTerms, SavedByReuse } from '../answer-cache/index.ts';
import { leastInputTokens, leastOutputTokens } from './output.rules.ts';
import { type ChatEvent, ProviderFailure, type TokenUsage } from '../providers/index.ts';

/** Most time that a generation may take. */
export const TIME_LIMIT_MS = 600_000;
/** An object that died, and an asker that may not ask any more, is noticed after this time at most. */
export const HEARTBEAT_MS = 10_000;
export const RETRY_MS = 5_000;
/** How long the answer is kept after its end. */
const KEEP_MS = 900_000;
const MAX_DETAIL = 300;

/** What the storage knows of a generation: enough to end it when its object has died. */
export interface StoredRun extends GenerationRef {
  startedAtMs: number;
  asker: Actor;
  origin?: GenerationOrigin;
  candidate: Candidate;
  route: StoredRoute;
  reuse: ReuseTerms | null;
  saved: SavedByReuse | null;
  hold: GenerationHold | null;
  maxOutputTokens: number;
  /** How many tokens the input has at least and at most. */
  input?: { least: number; most: number };
  /** The provider's latest figures. */
  usage: TokenUsage | null;
  firstOutputMs: number | null;
  outcome: GenerationOutcome | null;
  /** Whether it is known what has become of the row: it is in the database, or was refused. */
  isRowStored: boolean;
  /** Whether the outcome is in the database. */
  isSettled: boolean;
}

export const newRun = ({
  hold,
  route,
  reuse,
  reused,
  request,
  candidates,
  ...plan
}: GenerationPlan): StoredRun => ({
  organizationId: plan.organizationId,
  generationId: plan.generationId,
  startedAtMs: plan.startedAtMs,
  asker: plan.asker,
  ...(plan.origin ? { origin: plan.origin } : {}),
  candidate: candidates[0]!,
  route,
  reuse,
  saved: reused?.saved ?? null,
  hold,
  maxOutputTokens: request.maxOutputTokens,
  input: { least: leastInputTokens(request), most: mostInputTokens(request) },
  usage: null,
  firstOutputMs: null,
  outcome: null,
  isRowStored: false,
  isSettled: false,
});

/** After this time no Worker can still be storing the row: it has died, or its request has. */
const STORING_MS = 60_000;

/** Whether it may still turn out that the row is stored, or is not. */
export const isRowOpen = ({ isRowStored, startedAtMs }: StoredRun, nowMs: number): boolean =>
  !isRowStored && nowMs < startedAtMs + STORING_MS;

/** When it ends at the latest: earlier where its row was not stored. */
export const latestEndMs = ({ startedAtMs, isRowStored }: StoredRun): number =>
  startedAtMs + (isRowStored ? TIME_LIMIT_MS : STORING_MS);

export const goneAtMs = ({ endedAtMs }: GenerationOutcome): number => endedAtMs + KEEP_MS;

type EndReason = GenerationFailure | 'cancelled';

/** Why the gateway ends a generation itself. */
export class EndedByGateway extends Error {
  readonly reason: EndReason;
  /** For the caller. */
  readonly detail: string | null;

  constructor(reason: EndReason, detail: string | null = null) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

function outcomeOf(run: StoredRun, usage: TokenUsage | null, nowMs: number): GenerationOutcome {
  const { candidate, firstOutputMs, startedAtMs } = run;
  return {
    status: 'failed',
    failure: null,
    detail: null,
    retryAfterMs: null,
    stopReason: null,
    provider: candidate.provider,
    model: candidate.model,
    ownKey: candidate.key !== null,
    usageState: usage ? 'partial' : 'none',
    usage: usage ?? NO_USAGE,
    firstOutputMs,
    durationMs: nowMs - startedAtMs,
    endedAtMs: nowMs,
    attempts: [],
  };
}

/**
 * Of an answer that was cut the provider has often not counted the output, or nothing at all, although it charges it: then it counts as the
 * least that was read and produced, so that no answer is had for nothing by ending it before its end.
 */
export function withLeastUsage(
  outcome: GenerationOutcome,
  events: readonly GenerationEvent[],
  { maxOutputTokens, input }: Pick<StoredRun, 'maxOutputTokens' | 'input'>,
): GenerationOutcome {
  const { usageState, usage, status } = outcome;
  const least = Math.min(leastOutputTokens(events), maxOutputTokens);
  const isCounted = usageState === 'partial';
  if (!isCounted && (usageState === 'exact' || status === 'completed' || least === 0)) return outcome;
  return {
    ...outcome,
    usageState: 'partial',
    usage: {
      ...usage,
      inputTokens: isCounted ? usage.inputTokens : (input?.least ?? 0),
      outputTokens: Math.max(usage.outputTokens, least),
    },
  };
}

export function completedOutcome(
  run: StoredRun,
  { reason, usage }: Extract<ChatEvent, { type: 'ended' }>,
  nowMs: number,
): GenerationOutcome {
  const outcome = outcomeOf(run, usage, nowMs);
  return { ...outcome, status: 'completed', stopReason: reason, usageState: usage ? 'exact' : 'none' };
}

export function failedOutcome(run: StoredRun, reason: EndReason, nowMs: number): GenerationOutcome {
  const outcome = outcomeOf(run, run.usage, nowMs);
  return reason === 'cancelled' ? { ...outcome, status: 'cancelled' } : { ...outcome, failure: reason };
}

/** The outcome after what was thrown; undefined for a defect. Only what is wrong with the request has the provider's words. */
export function outcomeOfError(run: StoredRun, error: unknown, nowMs: number): GenerationOutcome | undefined {
  if (error instanceof EndedByGateway)
    return { ...failedOutcome(run, error.reason, nowMs), detail: error.detail };
  if (!(error instanceof ProviderFailure)) return undefined;
  const { kind, detail, retryAfterMs = null } = error;
  return {
    ...failedOutcome(run, kind, nowMs),
    detail: kind === 'request_refused' && detail ? cutText(detail, MAX_DETAIL) : null,
    retryAfterMs,
  };
}

/** The last event of an answer. */
export function lastEventOf({
  status,
  failure,
  detail,
  stopReason,
  usage,
  usageState,
}: GenerationOutcome): GenerationEvent {
  if (status !== 'completed') return { type: 'failed', failure: failure ?? 'cancelled', detail };
  return { type: 'ended', stopReason: stopReason!, usage: usageState === 'exact' ? usage : null };
}
