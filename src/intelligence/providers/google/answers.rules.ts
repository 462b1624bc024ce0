import { z } from '@hono/zod-openapi';
import {
  type ChatEvent,
  checkedUsage,
  ProviderFailure,
  sign,
  type StopReason,
  type TokenUsage,
  UNSIGNED,
} from '../index.ts';
import { apiErrorSchema, failureOfError } from './failures.rules.ts';
import { GOOGLE } from './requests.rules.ts';

const count = z.int().min(0).default(0);
const usageSchema = z.object({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  toolUsePromptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: z.int().min(0).optional(),
});

const partSchema = z.object({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z
    .object({
      id: z.string().optional(),
      name: z.string().min(1),
      args: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
});
type Part = z.output<typeof partSchema>;

const chunkSchema = z.object({
  responseId: z.string().optional(),
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(partSchema).optional() }).optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: usageSchema.optional(),
  error: z.unknown().optional(),
});
type Chunk = z.output<typeof chunkSchema>;

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  STOP: 'end',
  MAX_TOKENS: 'max_tokens',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  LANGUAGE: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
};

/** Any other reason means that there is no answer, for example after an invalid tool call. */
function stopReasonOf(reason: string): StopReason {
  const known = STOP_REASONS[reason];
  if (!known) throw new ProviderFailure(GOOGLE, 'malformed', { code: reason });
  return known;
}

/**
 * Cached tokens are part of the input; reasoning is not part of the output.
 * @throws TypeError when a part exceeds the whole, or a sum is too large to store
 */
function usageOf(usage: z.output<typeof usageSchema>): TokenUsage {
  const { promptTokenCount, cachedContentTokenCount, thoughtsTokenCount } = usage;
  if (cachedContentTokenCount > promptTokenCount) throw new TypeError('a part is more than the whole');
  return checkedUsage({
    inputTokens: promptTokenCount - cachedContentTokenCount + usage.toolUsePromptTokenCount,
    outputTokens: usage.candidatesTokenCount + (thoughtsTokenCount ?? 0),
    cacheReadTokens: cachedContentTokenCount,
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    reasoningTokens: thoughtsTokenCount ?? null,
  });
}

/**
 * Reads the parts of one answer. A proof is passed on before the part that has it, as the proof of reasoning, because
 * this API wants it back there. Reasoning without a proof is marked as such.
 */
function createPartReader() {
  let isReasoning = false;
  let calls = 0;
  const endReasoning = (signature: string): ChatEvent[] => {
    const begun: ChatEvent[] = isReasoning ? [] : [{ type: 'thinking', text: '' }];
    isReasoning = false;
    return [...begun, { type: 'thinking_signature', signature }];
  };
  const closeReasoning = () => (isReasoning ? endReasoning(UNSIGNED) : []);
  const callOf = ({ id, name, args }: NonNullable<Part['functionCall']>, responseId: string): ChatEvent[] => {
    calls += 1;
    return [
      { type: 'tool_call', id: id ?? `${responseId}-${calls}`, name },
      { type: 'tool_input', json: JSON.stringify(args) },
    ];
  };
  return {
    closeReasoning,
    hasCalled: () => calls > 0,
    read(
      { text = '', thought, thoughtSignature: proof, functionCall }: Part,
      responseId: string,
    ): ChatEvent[] {
      if (thought) {
        isReasoning ||= text !== '';
        const thoughts: ChatEvent[] = text === '' ? [] : [{ type: 'thinking', text }];
        return proof === undefined ? thoughts : [...thoughts, ...endReasoning(sign(GOOGLE, proof))];
      }
      const said: ChatEvent[] = text === '' ? [] : [{ type: 'text', text }];
      const called = functionCall ? callOf(functionCall, responseId) : [];
      const before = proof === undefined ? undefined : endReasoning(sign(GOOGLE, proof));
      return [...(before ?? (said.length + called.length > 0 ? closeReasoning() : [])), ...said, ...called];
    },
  };
}

/** Reads the partial answers of a stream; the last one ends it. */
export function createAnswerReader() {
  const parts = createPartReader();
  let hasBegun = false;
  let reason: StopReason | undefined;
  let usage: TokenUsage | null = null;

  const readChunk = ({ responseId = '', candidates, promptFeedback, usageMetadata }: Chunk): ChatEvent[] => {
    if (usageMetadata) usage = usageOf(usageMetadata);
    const begun: ChatEvent[] = hasBegun ? [] : [{ type: 'started', requestId: responseId || null, usage }];
    hasBegun = true;
    const [candidate] = candidates ?? [];
    const said = (candidate?.content?.parts ?? []).flatMap((part) => parts.read(part, responseId));
    if (promptFeedback?.blockReason) reason = 'refusal';
    if (candidate?.finishReason) reason = stopReasonOf(candidate.finishReason);
    return [...begun, ...said];
  };

  return {
    /** @throws ProviderFailure for an error; SyntaxError, TypeError or ZodError for data in a wrong format */
    read(data: string): ChatEvent[] {
      const parsed: unknown = JSON.parse(data);
      const chunk = chunkSchema.parse(parsed);
      if (!chunk.error) return readChunk(chunk);
      throw new ProviderFailure(GOOGLE, ...failureOfError(apiErrorSchema.parse(parsed)));
    },
    /** The events after the last one: none when the model gave no reason to stop. */
    end(): ChatEvent[] {
      if (!reason) return [];
      const stopped = reason === 'end' && parts.hasCalled() ? 'tool_calls' : reason;
      return [...parts.closeReasoning(), { type: 'ended', reason: stopped, usage }];
    },
  };
}
