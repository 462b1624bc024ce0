import { type AnswerEvents, blocksBefore, type Dialect } from './dialect.ts';
import type { Fault } from './faults.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

const event = (data: object | string) =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

function usageOf({ usage }: ScriptedAnswer, wrong: boolean): object {
  const read = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const { thinking_tokens: reasoning } = usage;
  return {
    prompt_tokens: usage.input_tokens + read + written,
    completion_tokens: wrong ? -7 : usage.output_tokens,
    total_tokens: 0,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written, audio_tokens: 0 },
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function answer(model: string, id: string, scripted: ScriptedAnswer, fault: Fault | undefined): AnswerEvents {
  const chunk = (choices: object[], usage: object | null = null) =>
    event({ id, object: 'chat.completion.chunk', created: 0, model, choices, usage });
  const delta = (fields: object, finish: string | null = null) =>
    chunk([{ index: 0, delta: fields, logprobs: null, finish_reason: finish }]);
  const { pieces, reasoning, toolCall, stopReason = 'stop' } = scripted;
  const callPiece = (fields: object) => delta({ tool_calls: [{ index: 0, ...fields }] });
  const blocks = [
    ...(reasoning ? [delta({ reasoning_content: reasoning })] : []),
    ...pieces.map((content) => delta({ content })),
    ...(toolCall
      ? [
          callPiece({ id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: '' } }),
          ...toolCall.json.map((json) => callPiece({ function: { arguments: json } })),
        ]
      : []),
  ];
  return {
    start: delta({ role: 'assistant', content: '', refusal: null }),
    blocks,
    blocksBefore: blocksBefore(blocks, (block) => block.includes('"content"')),
    end:
      delta({}, stopReason) + chunk([], usageOf(scripted, fault?.kind === 'wrong_usage')) + event('[DONE]'),
  };
}

/** Chat Completions, as OpenAI and those who follow it have them. */
export const completionsDialect: Dialect = {
  keyOf: ({ authorization }) => authorization?.replace(/^Bearer /, ''),
  refusedKey: {
    kind: 'status',
    status: 401,
    type: 'invalid_request_error',
    message: 'Incorrect API key provided',
  },
  isListOfModels: (path) => path.endsWith('/models'),
  modelOf: (_path, body) => (body as { model: string }).model,
  error: ({ type = 'invalid_request_error', message = 'refused' }) => ({
    error: { message, type, param: null, code: type === 'invalid_request_error' ? null : type },
  }),
  answer,
  event: (data) => event(data),
};
