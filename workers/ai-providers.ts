import {
  type ChatProvider,
  type ChatProviders,
  isCustomProvider,
  type KeyedProviderName,
} from '../src/intelligence/providers/index.ts';
import { DIMENSIONS, type MemoryEmbeddings } from '../src/intelligence/memory-search/index.ts';
import { createAnthropic } from '../src/intelligence/providers/anthropic/index.ts';
import { createWorkersAi, type WorkersAiBinding } from '../src/intelligence/providers/cloudflare/index.ts';
import { createGoogle } from '../src/intelligence/providers/google/index.ts';
import {
  createCompatible,
  createEmbeddings,
  createHostedRecognition,
  createHostedVoices,
  createOpenAi,
  OPENAI_URL,
} from '../src/intelligence/providers/openai/index.ts';
import { createCaptioner } from '../src/intelligence/captions/index.ts';
import {
  type ConnectSocket,
  createSpeechService,
} from '../src/intelligence/providers/speech-service/index.ts';
import type { Config } from '../src/kernel/config/index.ts';
import type { Ports } from '../src/kernel/context/index.ts';
import type { Outgoing } from '../src/platform/outgoing/index.ts';

/** Addresses of the providers for which the configuration has a key; their health is asked without it. */
export const aiAddresses = (config: Config): readonly string[] =>
  (
    [
      [config.ANTHROPIC_API_KEY, 'https://api.anthropic.com/'],
      [config.OPENAI_API_KEY, 'https://api.openai.com/'],
      [config.GOOGLE_API_KEY, 'https://generativelanguage.googleapis.com/'],
    ] as const
  ).flatMap(([key, address]) => (key ? [address] : []));

/** The binding to Workers AI, which only deployed environments have. */
export const findWorkersAi = (env: object): WorkersAiBinding | undefined =>
  'AI' in env ? (env.AI as WorkersAiBinding) : undefined;

const NO_BINDING: WorkersAiBinding = { run: () => Promise.reject(new Error('there is no binding AI')) };

/**
 * The providers of chat, with the keys that the configuration has. Providers that organizations name are called through
 * the guard of addresses.
 * @param workersAi what stands for a key of Cloudflare
 */
export function createChatProviders(
  config: Config,
  outgoing: Outgoing,
  workersAi?: WorkersAiBinding,
): ChatProviders {
  const cloudflare = createWorkersAi({ binding: workersAi ?? NO_BINDING });
  const providers: Readonly<Record<KeyedProviderName, ChatProvider>> = {
    anthropic: createAnthropic({ apiUrl: config.ANTHROPIC_API_URL }),
    openai: createOpenAi({ apiUrl: config.OPENAI_API_URL }),
    google: createGoogle({ apiUrl: config.GOOGLE_API_URL }),
  };
  const secrets: Readonly<Record<KeyedProviderName, string | undefined>> = {
    anthropic: config.ANTHROPIC_API_KEY,
    openai: config.OPENAI_API_KEY,
    google: config.GOOGLE_API_KEY,
  };
  return {
    of(name) {
      if (name === 'cloudflare') return cloudflare;
      return isCustomProvider(name) ? createCompatible({ provider: name, outgoing }) : providers[name];
    },
    keyOf(name) {
      if (name === 'cloudflare') return workersAi && { secret: '' };
      const secret = isCustomProvider(name) ? undefined : secrets[name];
      return secret ? { secret } : undefined;
    },
  };
}

/** The model of the speech service, whose weights are pinned there: another version makes all vectors again. */
const SPEECH_EMBEDDINGS = { model: 'multilingual-e5-small', version: '1' };
const OPENAI_EMBEDDINGS = { model: 'text-embedding-3-small', version: '1' };

export function createMemoryEmbeddings(
  config: Config,
  speech: Ports['speech'],
): MemoryEmbeddings | undefined {
  const { MEMORY_EMBEDDINGS: choice, OPENAI_API_KEY: secret = '', OPENAI_API_URL } = config;
  if (choice === 'speech')
    return speech && { ...SPEECH_EMBEDDINGS, of: (organizationId) => speech(organizationId).embeddings };
  const api = { provider: 'openai', apiUrl: OPENAI_API_URL ?? OPENAI_URL, secret };
  const embeddings = createEmbeddings(api, { dimensions: DIMENSIONS });
  return { ...OPENAI_EMBEDDINGS, of: () => embeddings };
}

/** A WebSocket of the runtime, which takes headers. */
const connectSocket: ConnectSocket = async (url, headers) => {
  const { webSocket, status } = await fetch(url, { headers: { ...headers, Upgrade: 'websocket' } });
  if (!webSocket) throw new Error(`the speech service answered the upgrade with ${status}`);
  webSocket.accept();
  return webSocket;
};

/** The AI that the product uses. Without a speech service, memories are found by their words. */
export function createAiPorts(
  config: Config,
  outgoing: Outgoing,
  workersAi: WorkersAiBinding | undefined,
): Pick<Ports, 'captioner' | 'chat' | 'hostedRecognition' | 'hostedVoices' | 'memoryEmbeddings' | 'speech'> {
  const speech = createSpeechService({
    url: config.SPEECH_URL,
    secret: config.SPEECH_SECRET,
    connect: connectSocket,
  });
  const captioner = createCaptioner({ url: config.CAPTIONS_URL, secret: config.CAPTIONS_SECRET });
  return {
    captioner,
    chat: createChatProviders(config, outgoing, workersAi),
    hostedVoices: createHostedVoices(config.OPENAI_API_URL),
    hostedRecognition: createHostedRecognition(config.OPENAI_API_URL),
    memoryEmbeddings: createMemoryEmbeddings(config, speech),
    speech,
  };
}
