import { z } from '@hono/zod-openapi';
import {
  type ChatEvent,
  checkedUsage,
  ProviderFailure,
  type StopReason,
  type TokenUsage,
  UNSIGNED,
} from '../index.ts';
import { apiErrorSchema, failureOfError } from './failures.rules.ts';

const count = z.int().min(0);
const optionalCount = count.nullish();
const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z
    .object({ cached_tokens: optionalCount, cache_write_tokens: optionalCount })
    .nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: optionalCount }).nullish(),
});

const callSchema = z.object({
  index: z.int().optional(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
});
type CallDelta = z.output<typeof callSchema>;

const text = z.string().nullish();
const deltaSchema = z.object({
  content: text,
  refusal: text,
  /** Reasoning, under the two names that APIs use. */
  reasoning_content: text,
  reasoning: text,
  tool_calls: z.array(callSchema).nullish(),
});
type Delta = z.output<typeof deltaSchema>;

const chunkSchema = z.object({
  id: z.string().nullish(),
  choices: z.array(z.object({ delta: deltaSchema.nullish(), finish_reason: text })),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
});

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'max_tokens',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'refusal',
};

/** @throws TypeError when a part exceeds the whole, or is too large to store */
function usageOf(usage: z.output<typeof usageSchema>): TokenUsage {
  const cacheReadTokens = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const cacheWriteTokens = usage.prompt_tokens_details?.cache_write_tokens ?? 0;
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens ?? null;
  const inputTokens = usage.prompt_tokens - cacheReadTokens - cacheWriteTokens;
  if (inputTokens < 0 || (reasoningTokens ?? 0) > usage.completion_tokens)
    throw new TypeError('a part is more than the whole');
  return checkedUsage({
    inputTokens,
    outputTokens: usage.completion_tokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteHourTokens: 0,
    reasoningTokens,
  });
}

/** Reads the pieces of tool calls, one call after the other. */
function createCallReader() {
  let current: { id: string; index: number | undefined } | undefined;
  /** @throws TypeError for a piece without an open call */
  return function readCall({ index, id, function: called }: CallDelta): ChatEvent[] {
    const isNew = Boolean(id) && (id !== current?.id || index !== current?.index);
    if (!isNew && (!current || (index !== undefined && index !== current.index)))
      throw new TypeError('a piece of no call that is open');
    const input: ChatEvent[] = called?.arguments ? [{ type: 'tool_input', json: called.arguments }] : [];
    if (!isNew) return input;
    if (!called?.name) throw new TypeError('a call without a name');
    current = { id: id!, index };
    return [{ type: 'tool_call', id: id!, name: called.name }, ...input];
  };
}

/** Reads the output of one answer, in order. Reasoning has no proof in this API, and is marked as such. */
function createDeltaReader() {
  const readCall = createCallReader();
  let isReasoning = false;
  return {
    endReasoning(): ChatEvent[] {
      if (!isReasoning) return [];
      isReasoning = false;
      return [{ type: 'thinking_signature', signature: UNSIGNED }];
    },
    read({ content, refusal, reasoning_content, reasoning, tool_calls: calls }: Delta): ChatEvent[] {
      const thought = reasoning_content ?? reasoning;
      const said = [content, refusal].flatMap((each): ChatEvent[] =>
        each ? [{ type: 'text', text: each }] : [],
      );
      const rest = [...said, ...(calls ?? []).flatMap(readCall)];
      const thoughts: ChatEvent[] = thought ? [{ type: 'thinking', text: thought }] : [];
      if (thought) isReasoning = true;
      return [...thoughts, ...(rest.length > 0 ? this.endReasoning() : []), ...rest];
    },
  };
}

/** Reads the events of one answer, in order; `[DONE]` is the last. */
export function createAnswerReader(provider: string) {
  const delta = createDeltaReader();
  let hasBegun = false;
  let hasRefused = false;
  let reason: StopReason | undefined;
  let usage: TokenUsage | null = null;

  const readChunk = (chunk: z.output<typeof chunkSchema>): ChatEvent[] => {
    if (chunk.usage) usage = usageOf(chunk.usage);
    const begun: ChatEvent[] = hasBegun
      ? []
      : [{ type: 'started', requestId: chunk.id ?? null, usage: null }];
    hasBegun = true;
    const [choice] = chunk.choices;
    if (choice?.delta?.refusal) hasRefused = true;
    if (choice?.finish_reason) reason = STOP_REASONS[choice.finish_reason] ?? 'end';
    return [...begun, ...(choice?.delta ? delta.read(choice.delta) : [])];
  };

  /** @throws ProviderFailure for an error; SyntaxError, TypeError or ZodError for data in a wrong format */
  return function read(data: string): ChatEvent[] {
    if (data === '[DONE]') {
      if (!reason) throw new TypeError('an end without a reason');
      return [...delta.endReasoning(), { type: 'ended', reason: hasRefused ? 'refusal' : reason, usage }];
    }
    const parsed: unknown = JSON.parse(data);
    const chunk = chunkSchema.safeParse(parsed);
    if (chunk.success && !chunk.data.error) return readChunk(chunk.data);
    const failed = apiErrorSchema.safeParse(parsed);
    if (failed.success) throw new ProviderFailure(provider, ...failureOfError(failed.data));
    throw new TypeError('no part of an answer', { cause: chunk.error });
  };
}
