import type { ChatMessage, ChatPart, ChatRequest, ModelTraits } from '../index.ts';

/** The differences between an API and that of OpenAI. */
export interface ChatDialect {
  /** Its name for the limit of the answer; all but OpenAI use the older one. */
  outputLimit: 'max_completion_tokens' | 'max_tokens';
  /** Whether it sends figures in a stream only on request, and accepts that request. */
  asksForUsage: boolean;
  /** Whether its models accept no tools while they reason. */
  reasonsWithoutTools: boolean;
}

type InputPart = Extract<ChatPart, { type: 'text' | 'image' }>;
type Traits = Pick<ModelTraits, 'explicitCaching'>;

const breakpointOf = ({ cache }: Pick<InputPart, 'cache'>, { explicitCaching }: Traits) =>
  cache !== undefined && explicitCaching ? { prompt_cache_breakpoint: { mode: 'explicit' } } : {};

const inputOf = (part: InputPart, traits: Traits) => ({
  ...(part.type === 'text'
    ? { type: 'text', text: part.text }
    : { type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } }),
  ...breakpointOf(part, traits),
});

/** A single text stays a string, which all APIs accept; otherwise parts. */
function contentOf(parts: readonly InputPart[], traits: Traits) {
  const [first] = parts;
  const isPlain = parts.length === 1 && first?.type === 'text' && first.cache === undefined;
  return isPlain ? first.text : parts.map((part) => inputOf(part, traits));
}

const isInput = (part: ChatPart): part is InputPart => part.type === 'text' || part.type === 'image';

/** Results of tools are messages of their own, before the user's other content. */
function userMessages(content: readonly ChatPart[], traits: Traits): object[] {
  const results = content.flatMap((part) =>
    part.type === 'tool_result'
      ? [
          {
            role: 'tool',
            tool_call_id: part.toolCallId,
            content: part.isError ? `The tool failed: ${part.text}` : part.text,
          },
        ]
      : [],
  );
  const inputs = content.filter(isInput);
  return inputs.length === 0 ? results : [...results, { role: 'user', content: contentOf(inputs, traits) }];
}

/** Reasoning of earlier answers is left out, because this API does not accept it. */
function assistantMessage(content: readonly ChatPart[]): object {
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const calls = content.flatMap((part) =>
    part.type === 'tool_call'
      ? [
          {
            id: part.id,
            type: 'function',
            function: { name: part.name, arguments: JSON.stringify(part.input) },
          },
        ]
      : [],
  );
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

const messagesOf = (messages: readonly ChatMessage[], traits: Traits): object[] =>
  messages.flatMap(({ role, content }) =>
    role === 'user' ? userMessages(content, traits) : [assistantMessage(content)],
  );

function toolsOf({ tools = [], toolChoice }: ChatRequest): object {
  if (tools.length === 0) return {};
  const named = typeof toolChoice === 'object' && { type: 'function', function: { name: toolChoice.name } };
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: { ...inputSchema, type: 'object' } },
    })),
    ...(toolChoice === undefined ? {} : { tool_choice: named || toolChoice }),
  };
}

function effortOf(
  { reasoning, tools = [] }: ChatRequest,
  { adaptiveReasoning }: ModelTraits,
  { reasonsWithoutTools }: ChatDialect,
): object {
  if (!adaptiveReasoning) return {};
  const effort = reasoning ?? (reasonsWithoutTools && tools.length > 0 ? 'none' : undefined);
  return effort === undefined ? {} : { reasoning_effort: effort };
}

/** A request in the form of Chat Completions. */
export function chatBody(
  request: ChatRequest,
  traits: ModelTraits,
  dialect: ChatDialect,
): { model: string } & Record<string, unknown> {
  const { model, system, messages, maxOutputTokens, outputSchema, temperature, stopSequences = [] } = request;
  return {
    model,
    stream: true,
    ...(dialect.asksForUsage ? { stream_options: { include_usage: true } } : {}),
    [dialect.outputLimit]: maxOutputTokens,
    messages: [
      ...(system ? [{ role: 'system', content: contentOf([{ type: 'text', ...system }], traits) }] : []),
      ...messagesOf(messages, traits),
    ],
    // Unmarked input is not cached, because writing to the cache would cost more than it saves.
    ...(traits.explicitCaching ? { prompt_cache_options: { mode: 'explicit' } } : {}),
    ...toolsOf(request),
    ...effortOf(request, traits, dialect),
    ...(outputSchema
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema: outputSchema, strict: true },
          },
        }
      : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stopSequences.length > 0 ? { stop: stopSequences } : {}),
  };
}
