import { z } from '@hono/zod-openapi';
import {
  askChat,
  type ChatEvent,
  type ChatProvider,
  createGuardedFetch,
  DEFAULT_LIMITS,
  ProviderFailure,
  type ProviderKey,
  readEvents,
  type ResponseLimits,
} from '../index.ts';
import { createAnswerReader } from './answers.rules.ts';
import { apiErrorSchema, failureOfError } from './failures.rules.ts';
import { generateBody, GOOGLE } from './requests.rules.ts';

export interface GoogleOptions {
  /** Replaces Google's own address. */
  apiUrl?: string | undefined;
  limits?: ResponseLimits;
}

/** Undefined for invalid JSON. @throws ProviderFailure for an answer that stops or is too large */
const readJson = (response: Response): Promise<unknown> =>
  response.json().catch((error: unknown) => {
    if (error instanceof ProviderFailure) throw error;
  });

type Send = (path: string, key: ProviderKey, init?: RequestInit) => Promise<Response>;

/** Sends one request to the API. @throws ProviderFailure for every unsuccessful answer */
function createSend({
  apiUrl = 'https://generativelanguage.googleapis.com',
  limits = DEFAULT_LIMITS,
}: GoogleOptions): Send {
  const fetcher = createGuardedFetch(GOOGLE, limits);
  return async (path, { secret }, init = {}) => {
    const response = await fetcher(`${apiUrl.replace(/\/$/, '')}/v1beta/${path}`, {
      ...init,
      headers: { 'Content-Type': 'application/json', 'x-goog-api-key': secret },
      // The platform does not support `redirect: error`; a redirect counts as an unsuccessful answer.
      redirect: 'manual',
    });
    if (response.ok) return response;
    const parsed = apiErrorSchema.safeParse(await readJson(response));
    throw new ProviderFailure(GOOGLE, ...failureOfError(parsed.data ?? { error: { code: response.status } }));
  };
}

async function* answer(
  send: Send,
  ...[request, traits, key, signal]: Parameters<ChatProvider['chat']>
): AsyncGenerator<ChatEvent> {
  const path = `models/${encodeURIComponent(request.model)}:streamGenerateContent?alt=sse`;
  const body = JSON.stringify(generateBody(request, traits));
  const response = await send(path, key, { method: 'POST', body, signal });
  const reader = createAnswerReader();
  for await (const data of readEvents(GOOGLE, response)) yield* reader.read(data);
  yield* reader.end();
}

const countSchema = z.object({ totalTokens: z.int().min(0) });

/** Gemini. */
export function createGoogle(options: GoogleOptions = {}): ChatProvider {
  const send = createSend(options);
  return {
    chat: (...request) => askChat(GOOGLE, request[3], answer(send, ...request)),
    async countTokens({ model, ...request }, traits, key, signal) {
      const name = `models/${model}`;
      const generateContentRequest = { model: name, ...generateBody({ model, ...request }, traits) };
      const body = JSON.stringify({ generateContentRequest });
      const path = `models/${encodeURIComponent(model)}:countTokens`;
      const counted = countSchema.safeParse(
        await readJson(await send(path, key, { method: 'POST', body, signal })),
      );
      if (!counted.success) throw new ProviderFailure(GOOGLE, 'malformed', { cause: counted.error });
      return counted.data.totalTokens;
    },
    async testKey(key) {
      const response = await send('models?pageSize=1', key);
      await response.body?.cancel();
    },
  };
}
