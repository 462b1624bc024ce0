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
import { leastInputTokens } from './output.rules.ts';
import type { StoredHedge } from './usage.rules.ts';
import { type ChatEvent, ProviderFailure, type TokenUsage } from '../providers/index.ts';

/** Time limit of a generation. */
export const TIME_LIMIT_MS = 600_000;
/** The longest time until a dead object, or an asker who may no longer ask, is noticed. */
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
  /** The least and the most number of tokens of the input. */
  input?: { least: number; most: number };
  /** The provider's latest figures. */
  usage: TokenUsage | null;
  /** The model that is asked in addition to `candidate`. */
  hedge?: StoredHedge | null;
  firstOutputMs: number | null;
  outcome: GenerationOutcome | null;
  /** Whether the fate of the row is known: it is in the database, or was refused. */
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

/** After this time no Worker can still be storing the row: it, or its request, has died. */
const STORING_MS = 60_000;

/** Whether it is still open if the row is stored. */
export const isRowOpen = ({ isRowStored, startedAtMs }: StoredRun, nowMs: number): boolean =>
  !isRowStored && nowMs < startedAtMs + STORING_MS;

/** The latest end: earlier when its row was not stored. */
export const latestEndMs = ({ startedAtMs, isRowStored }: StoredRun): number =>
  startedAtMs + (isRowStored ? TIME_LIMIT_MS : STORING_MS);

export const goneAtMs = ({ endedAtMs }: GenerationOutcome): number => endedAtMs + KEEP_MS;

type EndReason = GenerationFailure | 'cancelled';

/** The reason for which the gateway itself ends a generation. */
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

/** The outcome for an error; undefined for a defect. Only errors in the request include the provider's words. */
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
