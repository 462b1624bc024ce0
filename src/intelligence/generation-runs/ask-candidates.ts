import type { Services } from '../../kernel/context/index.ts';
import type { BreakerTarget, BreakerView } from '../model-breakers/index.ts';
import { openKey } from '../provider-keys/index.ts';
import { type ChatEvent, type FailureKind, ProviderFailure } from '../providers/index.ts';
import type { Attempt, Candidate, GenerationPlan } from '../generations/index.ts';

/**
 * Failures after which another model may be asked, because the provider has said that it did nothing. After a stall,
 * or a cut, it may have worked, and both would be charged.
 */
const HARMLESS: ReadonlySet<FailureKind> = new Set([
  'key_refused',
  'no_credit',
  'busy',
  'overloaded',
  'unavailable',
] satisfies FailureKind[]);

/** The state of an answer while it is given. */
export interface AskProgress {
  attempts: Attempt[];
  candidate: Candidate;
  /** Whether the provider has begun to answer. */
  hasBegun: boolean;
}

/** What is needed to ask candidates. */
export interface AskTools {
  services: Services;
  breakers: BreakerView;
  signal: AbortSignal;
}

const targetOf = ({ provider, model, key }: Candidate): BreakerTarget => ({
  provider,
  model,
  keyId: key?.id ?? null,
});

/** Asks one candidate. @throws ProviderFailure */
async function* askCandidate(
  { services, signal }: AskTools,
  request: GenerationPlan['request'],
  { provider, model, traits, key: sealed }: Candidate,
): AsyncGenerator<ChatEvent> {
  const { chat } = services.ports;
  const key = sealed ? await openKey(services, sealed) : chat.keyOf(provider);
  if (!key) throw new ProviderFailure(provider, 'key_refused');
  yield* chat.of(provider).chat({ ...request, model }, traits, key, signal);
}

/**
 * Asks the candidates in order until one begins to answer, and passes on its output. A candidate whose breaker is open
 * is skipped.
 * @param waiting the candidates; those that are asked are taken out
 * @param progress kept up to date
 * @throws ProviderFailure of the last one
 */
export async function* askCandidates(
  tools: AskTools,
  request: GenerationPlan['request'],
  waiting: Candidate[],
  progress: AskProgress,
): AsyncGenerator<ChatEvent> {
  const { breakers, services } = tools;
  for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
    const { provider, model } = candidate;
    progress.candidate = candidate;
    const note = (failure: Attempt['failure']) => progress.attempts.push({ provider, model, failure });
    const untilMs = await breakers.refusedUntil(targetOf(candidate));
    if (untilMs !== null) {
      note('breaker_open');
      if (waiting.length > 0) continue;
      throw new ProviderFailure(provider, 'busy', { retryAfterMs: untilMs - services.clock.now() });
    }
    try {
      for await (const event of askCandidate(tools, request, candidate)) {
        if (!progress.hasBegun) breakers.markAnswered(targetOf(candidate));
        progress.hasBegun = true;
        // Its reader takes nothing after the last event.
        if (event.type === 'ended') note(null);
        yield event;
      }
      return;
    } catch (error) {
      breakers.markFailed(targetOf(candidate), error);
      if (!(error instanceof ProviderFailure)) throw error;
      note(error.kind);
      if (waiting.length === 0 || progress.hasBegun || !HARMLESS.has(error.kind)) throw error;
    }
  }
}
