import type { Outgoing } from '../../../platform/outgoing/index.ts';
import {
  type ChatProvider,
  type CustomProviderName,
  DEFAULT_LIMITS,
  ProviderFailure,
  type ProviderKey,
  type ResponseLimits,
} from '../index.ts';
import { createChat } from './create-chat.ts';

export interface CompatibleOptions {
  provider: CustomProviderName;
  outgoing: Pick<Outgoing, 'open'>;
  limits?: ResponseLimits;
}

/**
 * A provider with the API of OpenAI at an address that an organization has named; all requests pass the guard of such addresses. Its models
 * are named `provider/model`: what follows the first slash is its own name of one.
 */
export function createCompatible({
  provider,
  outgoing,
  limits = DEFAULT_LIMITS,
}: CompatibleOptions): ChatProvider {
  const chatOf = ({ endpoint }: ProviderKey): ChatProvider => {
    // A key of the platform has no address: there is none for such providers.
    if (!endpoint) throw new ProviderFailure(provider, 'key_refused');
    return createChat({
      provider,
      apiUrl: endpoint.baseUrl,
      limits,
      // It is called with the address as a text.
      fetcher: (input, init) => outgoing.open(input as string, init ?? {}),
      dialect: {
        outputLimit: 'max_tokens',
        asksForUsage: endpoint.takesUsageOption,
        reasonsWithoutTools: false,
      },
    });
  };
  return {
    async *chat(request, traits, key, signal) {
      const model = request.model.slice(request.model.indexOf('/') + 1);
      yield* chatOf(key).chat({ ...request, model }, traits, key, signal);
    },
    testKey: async (key) => chatOf(key).testKey(key),
  };
}
