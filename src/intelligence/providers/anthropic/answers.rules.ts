import type {
  MessageDeltaUsage,
  RawContentBlockDeltaEvent,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
  StopReason as AnthropicStopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages/messages';
import { type ChatEvent, checkedUsage, type StopReason, type TokenUsage } from '../index.ts';

const STOP_REASONS: Readonly<Record<AnthropicStopReason, StopReason>> = {
  end_turn: 'end',
  pause_turn: 'end',
  max_tokens: 'max_tokens',
  model_context_window_exceeded: 'max_tokens',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_calls',
  refusal: 'refusal',
};

/** @throws TypeError for an answer without a reason */
export function stopReasonOf(reason: AnthropicStopReason | null): StopReason {
  if (!reason) throw new TypeError('an end without a reason');
  return STOP_REASONS[reason] ?? 'end';
}

/** @throws TypeError for a value that is not a count; the answer is then malformed */
export function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new TypeError('not a count of tokens');
  return value as number;
}

export function usageOf(usage: Usage): TokenUsage {
  const written = count(usage.cache_creation_input_tokens ?? 0);
  const hour = count(usage.cache_creation?.ephemeral_1h_input_tokens ?? 0);
  return checkedUsage({
    inputTokens: count(usage.input_tokens),
    outputTokens: count(usage.output_tokens),
    cacheReadTokens: count(usage.cache_read_input_tokens ?? 0),
    cacheWriteTokens: count(written - hour),
    cacheWriteHourTokens: hour,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? null,
  });
}

/** Figures at the end are for the whole answer; missing ones are as at the start. */
function usageAtEnd(start: TokenUsage, usage: MessageDeltaUsage): TokenUsage {
  const written =
    usage.cache_creation_input_tokens === null || usage.cache_creation_input_tokens === undefined
      ? start.cacheWriteTokens
      : count(usage.cache_creation_input_tokens - start.cacheWriteHourTokens);
  return checkedUsage({
    inputTokens: count(usage.input_tokens ?? start.inputTokens),
    outputTokens: count(usage.output_tokens),
    cacheReadTokens: count(usage.cache_read_input_tokens ?? start.cacheReadTokens),
    cacheWriteTokens: written,
    cacheWriteHourTokens: start.cacheWriteHourTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? start.reasoningTokens,
  });
}

function eventsOfBlockStart({ content_block: block }: RawContentBlockStartEvent): ChatEvent[] {
  if (block.type === 'tool_use') return [{ type: 'tool_call', id: block.id, name: block.name }];
  if (block.type === 'text' && block.text !== '') return [{ type: 'text', text: block.text }];
  return [];
}

function eventsOfDelta({ delta }: RawContentBlockDeltaEvent): ChatEvent[] {
  switch (delta.type) {
    case 'text_delta':
      return [{ type: 'text', text: delta.text }];
    case 'thinking_delta':
      return [{ type: 'thinking', text: delta.thinking }];
    case 'signature_delta':
      return [{ type: 'thinking_signature', signature: delta.signature }];
    case 'input_json_delta':
      return delta.partial_json === '' ? [] : [{ type: 'tool_input', json: delta.partial_json }];
    case 'citations_delta':
    default:
      return [];
  }
}

/** Reads the events of one answer, in order. Newer kinds of events and blocks are skipped. */
export function createAnswerReader() {
  let usage: TokenUsage | undefined;
  let reason: StopReason | undefined;
  /** @throws TypeError for an event without a required field */
  return function read(event: RawMessageStreamEvent): ChatEvent[] {
    switch (event.type) {
      case 'message_start':
        usage = usageOf(event.message.usage);
        return [{ type: 'started', requestId: event.message.id, usage }];
      case 'content_block_start':
        return eventsOfBlockStart(event);
      case 'content_block_delta':
        return eventsOfDelta(event);
      case 'message_delta':
        if (!usage) throw new TypeError('an end without a start');
        usage = usageAtEnd(usage, event.usage);
        if (event.delta.stop_reason) reason = stopReasonOf(event.delta.stop_reason);
        return [];
      case 'message_stop':
        if (!reason || !usage) throw new TypeError('an end without a reason');
        return [{ type: 'ended', reason, usage }];
      case 'content_block_stop':
      default:
        return [];
    }
  };
}
