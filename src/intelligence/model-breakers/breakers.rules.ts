import type { AiProviderName, FailureKind } from '../providers/index.ts';

/** Failures that indicate a problem of the model, and not of the request, the key or the account. */
const COUNTED: ReadonlySet<FailureKind> = new Set([
  'busy',
  'overloaded',
  'unavailable',
  'stalled',
] satisfies FailureKind[]);

const WINDOW_MS = 60_000;
const MIN_FAILURES = 5;
const OPEN_MS = 15_000;
const MOST_OPEN_MS = 300_000;
/** A probe without an answer in this time is abandoned. */
const PROBE_MS = 60_000;

/** The target of a breaker: a model, and the key with which it is asked. */
export interface BreakerTarget {
  provider: AiProviderName;
  model: string;
  /** The key of the organization; null for that of the platform. */
  keyId: string | null;
}

export interface Breaker extends BreakerTarget {
  /** When the window began in which failures and successes are counted. */
  sinceMs: number;
  failures: number;
  successes: number;
  /** Null while it is closed. */
  openUntilMs: number | null;
  /** How long it stays open. */
  openMs: number;
  /** While a probe is under way: when it is abandoned. */
  probeUntilMs: number | null;
  changedAtMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half_open';

/** How a request ended, with the changes since the last report of the same object. */
export interface BreakerReport extends BreakerTarget {
  hasFailed: boolean;
  /** Requests that were answered since then. */
  successes: number;
  retryAfterMs: number | null;
}

export const isCounted = (kind: FailureKind): boolean => COUNTED.has(kind);

export const targetKey = ({ provider, model, keyId }: BreakerTarget): string =>
  `${provider}|${model}|${keyId ?? ''}`;

export const newBreaker = ({ provider, model, keyId }: BreakerTarget, nowMs: number): Breaker => ({
  provider,
  model,
  keyId,
  sinceMs: nowMs,
  failures: 0,
  successes: 0,
  openUntilMs: null,
  openMs: OPEN_MS,
  probeUntilMs: null,
  changedAtMs: nowMs,
});

export function stateOf({ openUntilMs }: Pick<Breaker, 'openUntilMs'>, nowMs: number): BreakerState {
  if (openUntilMs === null) return 'closed';
  return nowMs < openUntilMs ? 'open' : 'half_open';
}

function opened(breaker: Breaker, openMs: number, retryAfterMs: number | null, nowMs: number): Breaker {
  const untilMs = nowMs + Math.min(MOST_OPEN_MS, Math.max(openMs, retryAfterMs ?? 0));
  return { ...breaker, openMs, openUntilMs: untilMs, probeUntilMs: null, changedAtMs: nowMs };
}

function counted(breaker: Breaker, { hasFailed, successes }: BreakerReport, nowMs: number): Breaker {
  const isOver = nowMs - breaker.sinceMs >= WINDOW_MS;
  const before = isOver ? newBreaker(breaker, nowMs) : breaker;
  return {
    ...before,
    failures: before.failures + Number(hasFailed),
    successes: before.successes + successes,
    changedAtMs: nowMs,
  };
}

/** A breaker after a report. Requests from before it opened change nothing while it is open. */
export function afterReport(breaker: Breaker, report: BreakerReport, nowMs: number): Breaker {
  const state = stateOf(breaker, nowMs);
  if (state === 'open') return breaker;
  if (state === 'half_open')
    return report.hasFailed
      ? opened(breaker, Math.min(MOST_OPEN_MS, breaker.openMs * 2), report.retryAfterMs, nowMs)
      : newBreaker(breaker, nowMs);
  const next = counted(breaker, report, nowMs);
  const mustOpen = next.failures >= MIN_FAILURES && next.failures >= next.successes;
  return mustOpen ? opened(next, OPEN_MS, report.retryAfterMs, nowMs) : next;
}

/** The breaker with a probe under way; undefined when there is one already, or none is needed. */
export function withProbe(breaker: Breaker, nowMs: number): Breaker | undefined {
  if (stateOf(breaker, nowMs) !== 'half_open') return undefined;
  if (breaker.probeUntilMs !== null && nowMs < breaker.probeUntilMs) return undefined;
  return { ...breaker, probeUntilMs: nowMs + PROBE_MS, changedAtMs: nowMs };
}
