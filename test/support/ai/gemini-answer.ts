import { type AnswerEvents, blocksBefore, type Dialect } from './dialect.ts';
import type { Fault } from './faults.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

const event = (data: object | string) =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\r\n\r\n`;

function usageOf({ usage }: ScriptedAnswer, wrong: boolean): object {
  const read = usage.cache_read_input_tokens ?? 0;
  const { thinking_tokens: reasoning = 0 } = usage;
  return {
    promptTokenCount: usage.input_tokens + read,
    candidatesTokenCount: wrong ? -7 : usage.output_tokens - reasoning,
    totalTokenCount: 0,
    ...(read > 0 ? { cachedContentTokenCount: read } : {}),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
  };
}

function answer(model: string, id: string, scripted: ScriptedAnswer, fault: Fault | undefined): AnswerEvents {
  const { usage, pieces, reasoning, toolCall, stopReason = 'STOP' } = scripted;
  const chunk = (
    parts: object[],
    fields: object = {},
    usageMetadata: object = { promptTokenCount: usage.input_tokens },
  ) =>
    event({
      candidates: [{ content: { parts, role: 'model' }, index: 0, ...fields }],
      usageMetadata,
      modelVersion: model,
      responseId: id,
    });
  const proof = reasoning ? { thoughtSignature: 'c2lnbmVk' } : {};
  const blocks = [
    ...(reasoning ? [chunk([{ text: reasoning, thought: true }])] : []),
    ...pieces.map((text, at) => chunk([{ text, ...(at === 0 && !toolCall ? proof : {}) }])),
    ...(toolCall
      ? [
          chunk([
            {
              functionCall: {
                id: toolCall.id,
                name: toolCall.name,
                args: JSON.parse(toolCall.json.join('')),
              },
              ...proof,
            },
          ]),
        ]
      : []),
  ];
  return {
    start: chunk([]),
    blocks,
    blocksBefore: blocksBefore(blocks, (block) => block.includes('"text"') && !block.includes('"thought"')),
    end: chunk(
      [{ text: '' }],
      { finishReason: stopReason },
      usageOf(scripted, fault?.kind === 'wrong_usage'),
    ),
  };
}

/** `generateContent` of Google AI. */
export const geminiDialect: Dialect = {
  keyOf: (headers) => headers['x-goog-api-key'] as string | undefined,
  refusedKey: { kind: 'status', status: 400, type: 'API_KEY_INVALID', message: 'API key not valid.' },
  isListOfModels: (path) => path.startsWith('/v1beta/models?'),
  countOf: (path) => (path.endsWith(':countTokens') ? { totalTokens: 123 } : undefined),
  modelOf: (path) => /models\/([^:]+):/.exec(path)![1]!,
  error: ({ status = 500, type = 'INVALID_ARGUMENT', message = 'refused', retryAfterSeconds }) => ({
    error: {
      code: status,
      message,
      status: type === 'API_KEY_INVALID' ? 'INVALID_ARGUMENT' : type,
      details: [
        ...(type === 'API_KEY_INVALID' ? [{ '@type': 'google.rpc.ErrorInfo', reason: type }] : []),
        ...(retryAfterSeconds === undefined
          ? []
          : [{ '@type': 'google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }]),
      ],
    },
  }),
  answer,
  event: (data) => event(data),
};
