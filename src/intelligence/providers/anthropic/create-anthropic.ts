import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { Models } from '@anthropic-ai/sdk/resources/models';
import {
  type ChatEvent,
  type ChatProvider,
  createGuardedFetch,
  DEFAULT_LIMITS,
  ProviderFailure,
  type ProviderKey,
  type ResponseLimits,
} from '../index.ts';
import { count, createAnswerReader } from './answers.rules.ts';
import { createBatches } from './create-batches.ts';
import { ANTHROPIC, failureOf } from './failures.rules.ts';
import { countParams, messageParams } from './requests.rules.ts';

const API_URL = 'https://api.anthropic.com';

export interface AnthropicOptions {
  /** Replaces Anthropic's own address. */
  apiUrl?: string | undefined;
  limits?: ResponseLimits;
}

/** Results of a batch come in long lines, of which each is limited where it is read. */
const RESULT_LIMITS: ResponseLimits = {
  ...DEFAULT_LIMITS,
  lineBytes: Infinity,
  bytes: 64 * 1024 * 1024,
};

type ClientOf = (key: ProviderKey) => BaseAnthropic;

/**
 * Uses only the needed parts of Anthropic's SDK: all of it would be a tenth of the Worker. It does not retry or log:
 * both are decided above the port.
 */
function createClients({ apiUrl = API_URL, limits }: AnthropicOptions): ClientOf {
  const fetcher = createGuardedFetch(ANTHROPIC, limits);
  return ({ secret }) =>
    new BaseAnthropic({
      apiKey: secret,
      authToken: null,
      baseURL: apiUrl,
      maxRetries: 0,
      logLevel: 'off',
      fetch: fetcher,
    });
}

async function* answer(
  clientOf: ClientOf,
  ...[request, traits, key, signal]: Parameters<ChatProvider['chat']>
): AsyncGenerator<ChatEvent> {
  const stream = await new Messages(clientOf(key)).create(messageParams(request, traits), { signal });
  const read = createAnswerReader();
  for await (const event of stream)
    for (const each of read(event)) {
      yield each;
      if (each.type === 'ended') return;
    }
  throw new ProviderFailure(ANTHROPIC, 'cut');
}

/** Claude. */
export function createAnthropic(options: AnthropicOptions = {}): ChatProvider {
  const clientOf = createClients(options);
  return {
    batches: createBatches(clientOf, createClients({ ...options, limits: RESULT_LIMITS })),
    async *chat(...request) {
      try {
        yield* answer(clientOf, ...request);
      } catch (error) {
        const [, , , signal] = request;
        if (signal.aborted) throw signal.reason;
        throw failureOf(error);
      }
    },
    async countTokens(request, traits, key, signal) {
      try {
        const params = countParams(request, traits);
        const { input_tokens: counted } = await new Messages(clientOf(key)).countTokens(params, { signal });
        return count(counted);
      } catch (error) {
        throw failureOf(error);
      }
    },
    async testKey(key) {
      try {
        await new Models(clientOf(key)).list({ limit: 1 });
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}
