import { z } from '@hono/zod-openapi';
import type { ChatEvent } from './chat.ports.ts';
import { ProviderFailure } from './provider-failure.rules.ts';

const isDefectOfAnswer = (error: unknown): boolean =>
  error instanceof SyntaxError || error instanceof TypeError || error instanceof z.ZodError;

/**
 * The events of an answer, whose errors are all errors of the port. When the caller ends it, it ends with the caller's
 * reason; output in a wrong format is `malformed`, output that stops is `cut`.
 */
export async function* askChat(
  provider: string,
  signal: AbortSignal,
  answer: AsyncIterable<ChatEvent>,
): AsyncGenerator<ChatEvent> {
  try {
    for await (const event of answer) {
      yield event;
      if (event.type === 'ended') return;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ProviderFailure) throw error;
    throw new ProviderFailure(provider, isDefectOfAnswer(error) ? 'malformed' : 'cut', { cause: error });
  }
  throw new ProviderFailure(provider, 'cut');
}
