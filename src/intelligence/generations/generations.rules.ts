import { type Actor, authErrors, type ErrorDetails, type ErrorFactory } from '../../kernel/core/index.ts';
import type { SavedByReuse } from '../answer-cache/index.ts';
import type { TokenMeter } from '../models/index.ts';
import type { TokenUsage } from '../providers/index.ts';
import type { GenerationFailure } from './generations.enums.ts';
import { generationErrors } from './generations.errors.ts';
import type {
  Candidate,
  GenerationOrigin,
  GenerationOutcome,
  GenerationPlan,
  GenerationRef,
  StoredRoute,
} from './generations.ports.ts';
import type { Generation } from './generations.tables.ts';

/** The user or API key that asks a model, and alone may read its answer. Either id is null. */
export type Asker = Pick<Generation, 'userId' | 'apiKeyId'>;

/** @throws AppError `auth.forbidden` for any other kind of actor */
export function askerOf(actor: Actor): Asker {
  if (actor.kind === 'user') return { userId: actor.userId, apiKeyId: null };
  if (actor.kind === 'apiKey') return { userId: null, apiKeyId: actor.apiKeyId };
  throw authErrors.forbidden();
}

export const isAsker = (row: Asker, { userId, apiKeyId }: Asker): boolean =>
  userId === null ? row.apiKeyId === apiKeyId : row.userId === userId;

/** Tokens by the meters that count them. */
export const tokensOf = (
  usage: Omit<TokenUsage, 'reasoningTokens'>,
): Readonly<Record<TokenMeter, number>> => ({
  ai_input_tokens: usage.inputTokens,
  ai_output_tokens: usage.outputTokens,
  ai_cache_read_tokens: usage.cacheReadTokens,
  ai_cache_write_tokens: usage.cacheWriteTokens,
  ai_cache_write_hour_tokens: usage.cacheWriteHourTokens,
});

export const NO_USAGE: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  reasoningTokens: null,
};

const FAILURES: Readonly<Record<GenerationFailure, ErrorFactory>> = {
  not_configured: generationErrors.notConfigured,
  access_ended: generationErrors.accessEnded,
  out_of_budget: generationErrors.outOfBudget,
  out_of_time: generationErrors.outOfTime,
  interrupted: generationErrors.interrupted,
  output_too_large: generationErrors.outputTooLarge,
  key_refused: generationErrors.providerKeyRefused,
  request_refused: generationErrors.requestRefused,
  no_credit: generationErrors.noCredit,
  busy: generationErrors.providerBusy,
  overloaded: generationErrors.providerBusy,
  unavailable: generationErrors.providerFailed,
  stalled: generationErrors.providerFailed,
  cut: generationErrors.providerFailed,
  malformed: generationErrors.providerFailed,
  too_large: generationErrors.providerFailed,
};

/** The error for a failed generation. A problem with a key of the platform is not shown to the caller. */
export function errorOf({
  status,
  failure,
  ownKey,
  detail,
  retryAfterMs,
}: Pick<GenerationOutcome, 'status' | 'failure' | 'ownKey' | 'detail' | 'retryAfterMs'>) {
  if (status === 'cancelled' || failure === null) return generationErrors.cancelled();
  if (!ownKey && (failure === 'key_refused' || failure === 'no_credit'))
    return generationErrors.notConfigured({ detail: 'the provider does not accept the key of the platform' });
  const details: ErrorDetails = {
    ...(detail === null ? {} : { detail }),
    ...(retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
  };
  return FAILURES[failure](details);
}

/** Whether the platform may have to pay for it. */
export const isAskedOnPlatformKey = ({ candidates }: Pick<GenerationPlan, 'candidates'>): boolean =>
  candidates.some(({ key }) => key === null);

/** The facts of which its row is made. */
export interface GenerationFacts extends GenerationRef {
  startedAtMs: number;
  asker: Actor;
  origin?: GenerationOrigin;
  /** The candidate that is asked first. */
  candidate: Candidate;
  /** Whether only keys of the organization are used. */
  ownKey: boolean;
  route: StoredRoute;
  saved: SavedByReuse | null;
}

/** Under this name the second model of a generation holds its tokens and its part of the budget. */
export const hedgeIdOf = (generationId: string): string => `${generationId}.hedge`;

/** The row of a running generation. */
export function runningRow({
  startedAtMs,
  asker,
  origin = { feature: 'api' },
  candidate: { provider, model },
  ownKey,
  route,
  saved,
  ...ref
}: GenerationFacts): Generation {
  return {
    id: ref.generationId,
    organizationId: ref.organizationId,
    ...askerOf(asker),
    origin,
    status: 'running',
    failure: null,
    stopReason: null,
    provider,
    model,
    ownKey,
    usageState: 'none',
    ...NO_USAGE,
    firstOutputMs: null,
    durationMs: null,
    attempts: [],
    route,
    reused: saved,
    hedge: null,
    createdAt: new Date(startedAtMs),
    endedAt: null,
    version: 1,
  };
}

/** The row of a generation after its end. */
export function endedRow(outcome: GenerationOutcome): Partial<Generation> {
  const { status, failure, stopReason, provider, model, ownKey, usageState, usage, attempts } = outcome;
  return {
    status,
    failure,
    stopReason,
    provider,
    model,
    ownKey,
    usageState,
    ...usage,
    attempts,
    hedge: outcome.hedge ?? null,
    firstOutputMs: outcome.firstOutputMs,
    durationMs: outcome.durationMs,
    endedAt: new Date(outcome.endedAtMs),
  };
}
