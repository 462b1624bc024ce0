import type { Services } from '../../kernel/context/index.ts';
import { openKey } from '../provider-keys/index.ts';
import { type ChatEvent, type FailureKind, ProviderFailure } from '../providers/index.ts';
import type { Attempt, Candidate, GenerationPlan } from '../generations/index.ts';

/**
 * Failures after which another model may be asked: the provider has said that it did nothing. After a stall, or a cut, it may
 * have worked, and would charge for both.
 */
const HARMLESS: ReadonlySet<FailureKind> = new Set([
  'key_refused',
  'no_credit',
  'busy',
  'overloaded',
  'unavailable',
] satisfies FailureKind[]);

/** What is known of an answer while it is given. */
export interface AskProgress {
  attempts: Attempt[];
  candidate: Candidate;
  /** Whether the provider has begun to answer. */
  hasBegun: boolean;
}

/**
 * Asks the candidates in their order until one begins to answer, and hands on what it says.
 * @param progress kept up to date
 * @throws ProviderFailure of the last one that was asked
 */
export async function* askCandidates(
  services: Services,
  { request, candidates }: GenerationPlan,
  signal: AbortSignal,
  progress: AskProgress,
): AsyncGenerator<ChatEvent> {
  for (const [index, candidate] of candidates.entries()) {
    const { provider, model, traits, key: sealed } = candidate;
    progress.candidate = candidate;
    const { ports } = services;
    try {
      const key = sealed ? await openKey(services, sealed) : ports.chat.keyOf(provider);
      if (!key) throw new ProviderFailure(provider, 'key_refused');
      for await (const event of ports.chat.of(provider).chat({ ...request, model }, traits, key, signal)) {
        progress.hasBegun = true;
        // Its reader takes nothing after the last event.
        if (event.type === 'ended') progress.attempts.push({ provider, model, failure: null });
        yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      progress.attempts.push({ provider, model, failure: error.kind });
      const isLast = index === candidates.length - 1;
      if (isLast || progress.hasBegun || !HARMLESS.has(error.kind)) throw error;
    }
  }
}
