import type { Fault } from './faults.ts';

/** What a model is to say. */
export interface ScriptedAnswer {
  pieces: string[];
  reasoning?: string;
  toolCall?: { id: string; name: string; json: string[] };
  stopReason?: string;
  usage: {
    input_tokens: number;
    output_tokens: number;
    cache_read_input_tokens?: number;
    cache_creation_input_tokens?: number;
    hour_tokens?: number;
    thinking_tokens?: number;
  };
}

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

/** The events of an answer of the Messages API, each as it is sent; `pieces` of text are events of their own. */
export function messagesAnswer(model: string, id: string, answer: ScriptedAnswer, fault: Fault | undefined) {
  const blocks = blocksOf(answer);
  return {
    start: startOf(model, id, answer) + event('ping', {}),
    blocks,
    /** How many of the blocks come before the text piece of this number. */
    blocksBefore(piece: number): number {
      let seen = 0;
      const at = blocks.findIndex((each) => each.includes('"text_delta"') && seen++ === piece);
      return at === -1 ? blocks.length : at;
    },
    end: endOf(answer, fault?.kind === 'wrong_usage'),
  };
}
