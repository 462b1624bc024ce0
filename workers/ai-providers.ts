import type { AiProviderName, ChatProvider, ChatProviders } from '../src/intelligence/providers/index.ts';
import { createAnthropic } from '../src/intelligence/providers/anthropic/index.ts';
import type { Config } from '../src/kernel/config/index.ts';
import type { Ports } from '../src/kernel/context/index.ts';

/** The providers of chat, with the keys that the configuration has. */
export function createChatProviders(config: Config): ChatProviders {
  const providers: Readonly<Record<AiProviderName, ChatProvider>> = {
    anthropic: createAnthropic({ apiUrl: config.ANTHROPIC_API_URL }),
  };
  const secrets: Readonly<Record<AiProviderName, string | undefined>> = {
    anthropic: config.ANTHROPIC_API_KEY,
  };
  return {
    of: (name) => providers[name],
    keyOf(name) {
      const secret = secrets[name];
      return secret ? { secret } : undefined;
    },
  };
}

/** What the product asks of AI. No provider of embeddings is configured yet: memories are found by their words. */
export const createAiPorts = (config: Config): Pick<Ports, 'chat' | 'memoryEmbeddings'> => ({
  chat: createChatProviders(config),
  memoryEmbeddings: undefined,
});
