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
 * A provider with the API of OpenAI at an address that an organization has given; all requests pass the guard of such
 * addresses. Its models are named `provider/model`: the part after the first slash is the name at the provider.
 */
export function createCompatible({
  provider,
  outgoing,
  limits = DEFAULT_LIMITS,
}: CompatibleOptions): ChatProvider {
  const chatOf = ({ endpoint }: ProviderKey): ChatProvider => {
    // The platform has no key for custom providers, so a key without an address is invalid.
    if (!endpoint) throw new ProviderFailure(provider, 'key_refused');
    return createChat({
      provider,
      apiUrl: endpoint.baseUrl,
      limits,
      // It is always called with the address as a string.
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
