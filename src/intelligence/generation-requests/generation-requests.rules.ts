import type { ModelCapability } from '../models/index.ts';
import type { ChatRequest } from '../providers/index.ts';
import type { CreateGeneration } from './generation-requests.schemas.ts';

/** The request as providers take it; the model is chosen elsewhere. */
export function chatRequestOf(input: CreateGeneration): Omit<ChatRequest, 'model'> {
  const {
    system,
    systemCache,
    model: _model,
    policy: _policy,
    fallbackModels: _fallbacks,
    stream: _stream,
    reuse: _reuse,
    hedgeAfterSeconds: _hedge,
    ...rest
  } = input;
  return { ...rest, ...(system === undefined ? {} : { system: { text: system, cache: systemCache } }) };
}

/** What a model must be able to do to answer a request. */
export function neededCapabilities({
  tools,
  messages,
  outputSchema,
  reasoning,
}: Pick<CreateGeneration, 'messages' | 'tools' | 'outputSchema' | 'reasoning'>): ModelCapability[] {
  const needed: ModelCapability[] = [];
  if (tools && tools.length > 0) needed.push('tools');
  if (messages.some(({ content }) => content.some(({ type }) => type === 'image'))) needed.push('images');
  if (outputSchema) needed.push('output_schema');
  if (reasoning && reasoning !== 'none') needed.push('reasoning');
  return needed;
}
