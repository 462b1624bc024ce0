import {
  askChat,
  type ChatEvent,
  type ChatProvider,
  DEFAULT_LIMITS,
  type ProviderKey,
  readEvents,
  type ResponseLimits,
} from '../index.ts';
import { type ApiOptions, callApi } from './call-api.ts';
import { createAnswerReader } from './chat-answers.rules.ts';
import { chatBody, type ChatDialect } from './chat-requests.rules.ts';

export interface ChatOptions extends Omit<ApiOptions, 'secret'> {
  dialect: ChatDialect;
}

async function* answer(
  { dialect, ...options }: ChatOptions,
  ...[request, traits, { secret }, signal]: Parameters<ChatProvider['chat']>
): AsyncGenerator<ChatEvent> {
  const response = await callApi({ ...options, secret }, '/chat/completions', {
    body: JSON.stringify(chatBody(request, traits, dialect)),
    headers: { 'Content-Type': 'application/json' },
    signal,
  });
  const read = createAnswerReader(options.provider);
  for await (const data of readEvents(options.provider, response)) yield* read(data);
}

/** Chat by the API of Chat Completions, of which `apiUrl` has the version: `https://api.openai.com/v1`. */
export const createChat = (options: ChatOptions): ChatProvider => ({
  chat: (...request) => askChat(options.provider, request[3], answer(options, ...request)),
  async testKey({ secret }: ProviderKey) {
    const response = await callApi({ ...options, secret }, '/models', { method: 'GET' });
    await response.body?.cancel();
  },
});

export interface OpenAiOptions {
  /** In place of OpenAI's own address. */
  apiUrl?: string | undefined;
  limits?: ResponseLimits;
}

/** OpenAI itself. */
export const createOpenAi = ({
  apiUrl = 'https://api.openai.com',
  limits = DEFAULT_LIMITS,
}: OpenAiOptions = {}): ChatProvider =>
  createChat({
    provider: 'openai',
    apiUrl: `${apiUrl.replace(/\/$/, '')}/v1`,
    limits,
    dialect: { outputLimit: 'max_completion_tokens', asksForUsage: true, reasonsWithoutTools: true },
  });
