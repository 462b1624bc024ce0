import type {
  MessageCountTokensParams,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  ToolChoice,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {
  type CacheTime,
  type ChatMessage,
  type ChatPart,
  type ChatRequest,
  type ModelTraits,
  proofOf,
} from '../index.ts';
import { ANTHROPIC } from './failures.rules.ts';

type Block = Exclude<MessageParam['content'], string>[number];

const cacheControl = (cache: CacheTime | undefined) =>
  cache === undefined ? {} : { cache_control: { type: 'ephemeral' as const, ttl: cache } };

function blockOf(part: ChatPart): Block {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...cacheControl(part.cache) };
    case 'image':
      return {
        type: 'image',
        source: { type: 'base64', media_type: part.mediaType as 'image/png', data: part.data },
        ...cacheControl(part.cache),
      };
    case 'thinking':
      return { type: 'thinking', thinking: part.text, signature: part.signature };
    case 'tool_call':
      return { type: 'tool_use', id: part.id, name: part.name, input: part.input as Record<string, unknown> };
    case 'tool_result':
      return {
        type: 'tool_result',
        tool_use_id: part.toolCallId,
        content: part.text,
        ...(part.isError ? { is_error: true } : {}),
      };
  }
}

/** Reasoning with the proof of another provider, or without one, is left out, because it would be refused. */
const isOwn = (part: ChatPart): boolean =>
  part.type !== 'thinking' || proofOf(ANTHROPIC, part.signature) !== undefined;

function messagesOf({ role, content }: ChatMessage): MessageParam[] {
  const blocks = content.filter(isOwn).map(blockOf);
  return blocks.length === 0 ? [] : [{ role, content: blocks }];
}

function toolChoiceOf(choice: NonNullable<ChatRequest['toolChoice']>): ToolChoice {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

/** The least number of reasoning tokens that the API accepts. */
const MIN_REASONING = 1_024;
/** The share of the output for reasoning, for models that take a number of tokens. */
const REASONING_SHARE = { low: 0.25, medium: 0.5, high: 0.75 } as const;

type Reasoning = Pick<MessageCreateParamsStreaming, 'thinking' | 'output_config'>;

function reasoningOf(
  { reasoning, maxOutputTokens }: ChatRequest,
  { adaptiveReasoning }: ModelTraits,
): Reasoning {
  if (reasoning === undefined) return {};
  if (reasoning === 'none') return { thinking: { type: 'disabled' } };
  if (adaptiveReasoning) return { thinking: { type: 'adaptive' }, output_config: { effort: reasoning } };
  const tokens = Math.max(MIN_REASONING, Math.floor(maxOutputTokens * REASONING_SHARE[reasoning]));
  return { thinking: { type: 'enabled', budget_tokens: tokens } };
}

/** The request for a count of tokens, without the settings of the answer. */
export function countParams(request: ChatRequest, traits: ModelTraits): MessageCountTokensParams {
  const { model, messages, maxOutputTokens, system, tools, toolChoice, outputSchema, reasoning } = request;
  const asked = { model, messages, maxOutputTokens, system, tools, toolChoice, outputSchema, reasoning };
  const { max_tokens: _most, stream: _stream, ...params } = messageParams(asked, traits);
  return params;
}

/** A request in the form of the Messages API. */
export function messageParams(request: ChatRequest, traits: ModelTraits): MessageCreateParamsStreaming {
  const { system, tools, toolChoice, outputSchema, temperature, stopSequences } = request;
  const { thinking, output_config: effort } = reasoningOf(request, traits);
  const systemText: TextBlockParam[] = system
    ? [{ type: 'text', text: system.text, ...cacheControl(system.cache) }]
    : [];
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    messages: request.messages.flatMap(messagesOf),
    stream: true,
    ...(system ? { system: systemText } : {}),
    ...(tools && tools.length > 0
      ? {
          tools: tools.map(({ name, description, inputSchema }) => ({
            name,
            description,
            input_schema: { ...inputSchema, type: 'object' as const },
          })),
        }
      : {}),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoiceOf(toolChoice) }),
    ...(thinking ? { thinking } : {}),
    ...(effort || outputSchema
      ? {
          output_config: {
            ...effort,
            ...(outputSchema ? { format: { type: 'json_schema' as const, schema: outputSchema } } : {}),
          },
        }
      : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stopSequences && stopSequences.length > 0 ? { stop_sequences: [...stopSequences] } : {}),
  };
}
