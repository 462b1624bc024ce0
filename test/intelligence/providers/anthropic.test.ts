import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnthropic } from '../../../src/intelligence/providers/anthropic/index.ts';
import {
  type ChatEvent,
  type ChatRequest,
  ProviderFailure,
} from '../../../src/intelligence/providers/index.ts';
import type { Fault } from '../../support/ai/faults.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';

const standIn = new AiStandIn();
const LIMITS = { answerMs: 10_000, stallMs: 10_000, lineBytes: 1024 * 1024, bytes: 16 * 1024 * 1024 };

beforeAll(() => standIn.start());
afterAll(() => standIn.stop());
beforeEach(() => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
});

const question: ChatRequest = {
  model: 'claude-sonnet-5',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  maxOutputTokens: 100,
};

const provider = (patienceMs = LIMITS.stallMs) =>
  createAnthropic({
    apiUrl: standIn.url,
    limits: { ...LIMITS, answerMs: patienceMs, stallMs: patienceMs },
  });

async function ask(request: Partial<ChatRequest> = {}, adaptiveReasoning = true, secret = STAND_IN_KEY) {
  const events: ChatEvent[] = [];
  const { signal } = new AbortController();
  const answer = provider().chat({ ...question, ...request }, { adaptiveReasoning }, { secret }, signal);
  for await (const event of answer) events.push(event);
  return events;
}

/** The failure of an answer, and what came before it. */
async function fail(fault: Fault) {
  standIn.next.push({ fault });
  const events: ChatEvent[] = [];
  const { signal } = new AbortController();
  try {
    const answer = provider(fault.kind === 'stall' ? 300 : undefined).chat(
      question,
      { adaptiveReasoning: true },
      { secret: STAND_IN_KEY },
      signal,
    );
    for await (const event of answer) events.push(event);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return { kind: error.kind, retryAfterMs: error.retryAfterMs, pieces: events.length };
  }
  return { kind: undefined, pieces: events.length };
}

describe('an answer of Claude', () => {
  it('is text, reasoning and a tool call as they come, and figures that are the provider’s own', async () => {
    standIn.next.push({
      answer: {
        reasoning: 'Let me see.',
        pieces: ['One', ' two'],
        toolCall: { id: 'toolu_1', name: 'weather', json: ['{"city":', '"Oslo"}'] },
        stopReason: 'tool_use',
        usage: {
          input_tokens: 20,
          output_tokens: 55,
          cache_read_input_tokens: 300,
          cache_creation_input_tokens: 70,
          hour_tokens: 30,
          thinking_tokens: 11,
        },
      },
    });
    const events = await ask();
    expect(events.slice(1)).toEqual([
      { type: 'thinking', text: 'Let me see.' },
      { type: 'thinking_signature', signature: 'c2lnbmVk' },
      { type: 'text', text: 'One' },
      { type: 'text', text: ' two' },
      { type: 'tool_call', id: 'toolu_1', name: 'weather' },
      { type: 'tool_input', json: '{"city":' },
      { type: 'tool_input', json: '"Oslo"}' },
      {
        type: 'ended',
        reason: 'tool_calls',
        usage: {
          inputTokens: 20,
          outputTokens: 55,
          cacheReadTokens: 300,
          cacheWriteTokens: 40,
          cacheWriteHourTokens: 30,
          reasoningTokens: 11,
        },
      },
    ]);
  });

  it('is asked for in the form of the Messages API', async () => {
    await ask({
      system: { text: 'Be brief.', cache: '1h' },
      tools: [{ name: 'weather', description: 'Says the weather', inputSchema: { properties: {} } }],
      toolChoice: 'required',
      outputSchema: { type: 'object' },
      reasoning: 'low',
      stopSequences: ['END'],
    });
    expect(standIn.requests[0]).toMatchObject({
      path: '/v1/messages',
      key: STAND_IN_KEY,
      body: {
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        tools: [{ name: 'weather', input_schema: { type: 'object', properties: {} } }],
        tool_choice: { type: 'any' },
        thinking: { type: 'adaptive' },
        output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
        stop_sequences: ['END'],
        stream: true,
      },
    });
    await ask({ reasoning: 'medium', maxOutputTokens: 8_000 }, false);
    expect(standIn.requests[1]!.body.thinking).toEqual({ type: 'enabled', budget_tokens: 4_000 });
  });

  it('that is a refusal is an answer', async () => {
    standIn.next.push({
      answer: { pieces: [], stopReason: 'refusal', usage: { input_tokens: 5, output_tokens: 1 } },
    });
    expect((await ask()).at(-1)).toMatchObject({ type: 'ended', reason: 'refusal' });
  });
});

describe('a failure of Anthropic', () => {
  it.each<[string, Fault, object]>([
    [
      '429',
      { kind: 'status', status: 429, type: 'rate_limit_error', retryAfterSeconds: 7 },
      { kind: 'busy', retryAfterMs: 7_000 },
    ],
    ['529', { kind: 'status', status: 529, type: 'overloaded_error' }, { kind: 'overloaded' }],
    ['500', { kind: 'status', status: 500, type: 'api_error' }, { kind: 'unavailable' }],
    ['400', { kind: 'status', status: 400 }, { kind: 'request_refused' }],
    [
      'an account without credit',
      { kind: 'status', status: 400, message: 'Your credit balance is too low' },
      { kind: 'no_credit' },
    ],
    ['no answer', { kind: 'stall', after: -1 }, { kind: 'stalled' }],
    ['a stall in the middle', { kind: 'stall', after: 2 }, { kind: 'stalled', pieces: 3 }],
    ['a cut in the middle', { kind: 'cut', after: 2 }, { kind: 'cut', pieces: 3 }],
    ['an end without an end', { kind: 'end_early', after: 2 }, { kind: 'cut', pieces: 3 }],
    ['an event that is no JSON', { kind: 'malformed', after: 2 }, { kind: 'malformed', pieces: 3 }],
    [
      'an error in the middle',
      { kind: 'error_event', after: 2, type: 'overloaded_error' },
      { kind: 'overloaded', pieces: 3 },
    ],
    ['a line of 10 MB', { kind: 'long_line', after: 2, bytes: 10_000_000 }, { kind: 'too_large', pieces: 3 }],
    ['figures that are no counts', { kind: 'wrong_usage' }, { kind: 'malformed' }],
  ])('is one of our kinds: %s', async (_name, fault, expected) => {
    expect(await fail(fault)).toMatchObject(expected);
  });

  it('is a refused key, which a test of the key finds out', async () => {
    await expect(provider().testKey({ secret: STAND_IN_KEY })).resolves.toBeUndefined();
    await expect(provider().testKey({ secret: 'another' })).rejects.toMatchObject({ kind: 'key_refused' });
    await expect(ask({}, true, 'another')).rejects.toMatchObject({ kind: 'key_refused' });
  });

  it('an answer that is not wanted any more ends with the reason of the caller, and its connection', async () => {
    standIn.next.push({ fault: { kind: 'stall', after: 1 } });
    const abort = new AbortController();
    const answer = provider().chat(
      question,
      { adaptiveReasoning: true },
      { secret: STAND_IN_KEY },
      abort.signal,
    );
    const reason = new Error('cancelled');
    await expect(async () => {
      for await (const event of answer) if (event.type === 'text') abort.abort(reason);
    }).rejects.toBe(reason);
    await expect.poll(() => standIn.open).toBe(0);
  });
});
