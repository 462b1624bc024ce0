import {
  type ChatProvider,
  createGuardedFetch,
  DEFAULT_LIMITS,
  ProviderFailure,
  type ResponseLimits,
} from '../index.ts';
import { askCompletions } from '../openai/index.ts';
import { CLOUDFLARE, failureOf } from './failures.rules.ts';

/** The binding of the platform to its models, as far as it is used. */
export interface WorkersAiBinding {
  /** The body of a streamed answer. @throws Error with the code of the failure in its message */
  run(model: string, inputs: object, options: { signal?: AbortSignal }): Promise<unknown>;
}

export interface WorkersAiOptions {
  binding: WorkersAiBinding;
  limits?: ResponseLimits;
}

/** Runs a model, and limits its answer in time and size as that of any provider. @throws ProviderFailure */
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

/** The models of Workers AI, by the binding of the platform. */
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
