import { type AnswerEvents, blocksBefore, type Dialect } from './dialect.ts';
import type { Fault } from './faults.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

const event = (type: string, fields: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

function startOf(model: string, id: string, { usage }: ScriptedAnswer): string {
  const {
    input_tokens,
    cache_read_input_tokens = 0,
    cache_creation_input_tokens = 0,
    hour_tokens = 0,
  } = usage;
  return event('message_start', {
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens,
        cache_read_input_tokens,
        cache_creation_input_tokens,
        cache_creation: {
          ephemeral_5m_input_tokens: cache_creation_input_tokens - hour_tokens,
          ephemeral_1h_input_tokens: hour_tokens,
        },
        output_tokens: 1,
        service_tier: 'standard',
      },
    },
  });
}

function blocksOf({ pieces, reasoning, toolCall }: ScriptedAnswer): string[] {
  let index = 0;
  const delta = (fields: object) => event('content_block_delta', { index, delta: fields });
  const block = (content: object, deltas: object[]) => {
    const events = [
      event('content_block_start', { index, content_block: content }),
      ...deltas.map(delta),
      event('content_block_stop', { index }),
    ];
    index++;
    return events;
  };
  return [
    ...(reasoning
      ? block({ type: 'thinking', thinking: '', signature: '' }, [
          { type: 'thinking_delta', thinking: reasoning },
          { type: 'signature_delta', signature: 'c2lnbmVk' },
        ])
      : []),
    ...block(
      { type: 'text', text: '' },
      pieces.map((text) => ({ type: 'text_delta', text })),
    ),
    ...(toolCall
      ? block(
          { type: 'tool_use', id: toolCall.id, name: toolCall.name, input: {} },
          toolCall.json.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
        )
      : []),
  ];
}

function endOf({ usage, stopReason = 'end_turn' }: ScriptedAnswer, wrong: boolean): string {
  const { output_tokens, thinking_tokens } = usage;
  return (
    event('message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: {
        output_tokens: wrong ? -7 : output_tokens,
        ...(thinking_tokens === undefined ? {} : { output_tokens_details: { thinking_tokens } }),
      },
    }) + event('message_stop', {})
  );
}

function answer(model: string, id: string, scripted: ScriptedAnswer, fault: Fault | undefined): AnswerEvents {
  const blocks = blocksOf(scripted);
  return {
    start: startOf(model, id, scripted) + event('ping', {}),
    blocks,
    blocksBefore: blocksBefore(blocks, (block) => block.includes('"text_delta"')),
    end: endOf(scripted, fault?.kind === 'wrong_usage'),
  };
}

/** Anthropic's Messages API. */
export const messagesDialect: Dialect = {
  keyOf: (headers) =>
    (headers['x-api-key'] as string | undefined) ?? headers.authorization?.replace(/^Bearer /, ''),
  refusedKey: { kind: 'status', status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  isListOfModels: (path) => path.startsWith('/v1/models'),
  countOf: (path) => (path.endsWith('/count_tokens') ? { input_tokens: 123 } : undefined),
  modelOf: (_path, body) => (body as { model: string }).model,
  error: ({ type = 'invalid_request_error', message = 'refused' }) => ({
    type: 'error',
    error: { type, message },
  }),
  answer,
  event: (data, isError) => `event: ${isError ? 'error' : 'content_block_delta'}\ndata: ${data}\n\n`,
};
