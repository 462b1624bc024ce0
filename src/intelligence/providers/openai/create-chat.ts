import {
  askChat,
  type ChatEvent,
  type ChatProvider,
  type ChatRequest,
  DEFAULT_LIMITS,
  type ModelTraits,
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

/** The context of a request, beside its body. */
interface AskContext {
  traits: ModelTraits;
  signal: AbortSignal;
}

/** Asks for a completion, with any way of sending its body, and passes on the answer as it comes. */
export function askCompletions(
  provider: string,
  request: ChatRequest,
  { traits, signal }: AskContext,
  dialect: ChatDialect,
  send: (body: { model: string }) => Promise<Response>,
): AsyncIterable<ChatEvent> {
  async function* answer(): AsyncGenerator<ChatEvent> {
    const response = await send(chatBody(request, traits, dialect));
    const read = createAnswerReader(provider);
    for await (const data of readEvents(provider, response)) yield* read(data);
  }
  return askChat(provider, signal, answer());
}

/** Chat through the API of Chat Completions; `apiUrl` includes its version: `https://api.openai.com/v1`. */
export const createChat = ({ dialect, ...options }: ChatOptions): ChatProvider => ({
  chat: (request, traits, { secret }, signal) =>
    askCompletions(options.provider, request, { traits, signal }, dialect, (body) =>
      callApi({ ...options, secret }, '/chat/completions', {
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
        signal,
      }),
    ),
  async testKey({ secret }: ProviderKey) {
    const response = await callApi({ ...options, secret }, '/models', { method: 'GET' });
    await response.body?.cancel();
  },
});

export const OPENAI_URL = 'https://api.openai.com';

export interface OpenAiOptions {
  /** Replaces OpenAI's own address. */
  apiUrl?: string | undefined;
  limits?: ResponseLimits;
}

/** OpenAI itself. */
export const createOpenAi = ({
  apiUrl = OPENAI_URL,
  limits = DEFAULT_LIMITS,
}: OpenAiOptions = {}): ChatProvider =>
  createChat({
    provider: 'openai',
    apiUrl: `${apiUrl.replace(/\/$/, '')}/v1`,
    limits,
    dialect: { outputLimit: 'max_completion_tokens', asksForUsage: true, reasonsWithoutTools: true },
  });
