import {
  type ChatProvider,
  createGuardedFetch,
  DEFAULT_LIMITS,
  ProviderFailure,
  type ResponseLimits,
} from '../index.ts';
import { askCompletions } from '../openai/index.ts';
import { CLOUDFLARE, failureOf } from './failures.rules.ts';

/** The used part of the platform's binding to its models. */
export interface WorkersAiBinding {
  /** The body of a streamed answer. @throws Error with the code of the failure in its message */
  run(model: string, inputs: object, options: { signal?: AbortSignal }): Promise<unknown>;
}

export interface WorkersAiOptions {
  binding: WorkersAiBinding;
  limits?: ResponseLimits;
}

/** Runs a model, with the same limits of time and size as for any provider. @throws ProviderFailure */
const runOnce = (
  { binding, limits = DEFAULT_LIMITS }: WorkersAiOptions,
  inputs: { model: string },
  signal: AbortSignal,
): Promise<Response> =>
  createGuardedFetch(CLOUDFLARE, limits, async () => {
    const answer = await binding.run(inputs.model, inputs, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : failureOf(error);
    });
    if (!(answer instanceof ReadableStream)) throw new ProviderFailure(CLOUDFLARE, 'malformed');
    return new Response(answer, { headers: { 'Content-Type': 'text/event-stream' } });
  })('', { signal });

/** The models of Workers AI, through the binding of the platform. */
export const createWorkersAi = (options: WorkersAiOptions): ChatProvider => ({
  chat: (request, traits, _key, signal) =>
    askCompletions(
      CLOUDFLARE,
      request,
      { traits, signal },
      { outputLimit: 'max_tokens', asksForUsage: true, reasonsWithoutTools: false },
      (body) => runOnce(options, body, signal),
    ),
  // The binding has no key.
  testKey: () => Promise.resolve(),
});
