import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChatEvent, ProviderFailure } from '../../../src/intelligence/providers/index.ts';
import { askAll, CHAT_WORLDS, PLAIN_TRAITS, plainRequest } from '../../support/ai/chat-worlds.ts';
import type { Fault } from '../../support/ai/faults.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';

const LIMITS = { answerMs: 10_000, stallMs: 10_000, lineBytes: 1024 * 1024, bytes: 16 * 1024 * 1024 };

describe.each(Object.entries(CHAT_WORLDS))('chat by %s', (_provider, world) => {
  const { words } = world;
  const standIn = new AiStandIn(world.dialect);
  beforeAll(() => standIn.start());
  afterAll(() => standIn.stop());
  beforeEach(() => {
    standIn.next.length = 0;
    standIn.requests.length = 0;
  });

  const provider = (patienceMs = LIMITS.stallMs) =>
    world.create({
      apiUrl: standIn.url,
      limits: { ...LIMITS, answerMs: patienceMs, stallMs: patienceMs },
    });

  /** The failure of an answer, and what came before it. */
  async function fail(fault: Fault) {
    standIn.next.push({ fault });
    const events: ChatEvent[] = [];
    try {
      await askAll(
        provider(fault.kind === 'stall' ? 300 : undefined),
        {},
        { onEvent: (event) => events.push(event) },
      );
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      return { kind: error.kind, retryAfterMs: error.retryAfterMs, pieces: events.length };
    }
    return { kind: undefined, pieces: events.length };
  }

  describe('an answer', () => {
    it('is text, reasoning and a tool call as they come, and figures that are the provider’s own', async () => {
      const written = world.countsWrites ? 70 : 0;
      const hour = world.keepsForHours ? 30 : 0;
      standIn.next.push({
        answer: {
          reasoning: 'Let me see.',
          pieces: ['One', ' two'],
          toolCall: { id: 'call_1', name: 'weather', json: ['{"city":', '"Oslo"}'] },
          stopReason: words.toolCalls,
          usage: {
            input_tokens: 20,
            output_tokens: 55,
            cache_read_input_tokens: 300,
            cache_creation_input_tokens: written,
            hour_tokens: hour,
            thinking_tokens: 11,
          },
        },
      });
      const events = await askAll(provider());
      expect(events[0]).toMatchObject({ type: 'started', requestId: expect.stringMatching(/^msg_\d+$/) });
      const textOf = (type: 'text' | 'thinking') =>
        events.map((event) => (event.type === type ? event.text : '')).join('');
      expect([textOf('thinking'), textOf('text')]).toEqual(['Let me see.', 'One two']);
      expect(events).toContainEqual({ type: 'thinking_signature', signature: world.proof });
      expect(events).toContainEqual({ type: 'tool_call', id: 'call_1', name: 'weather' });
      const input = events.map((event) => (event.type === 'tool_input' ? event.json : '')).join('');
      expect(JSON.parse(input)).toEqual({ city: 'Oslo' });
      expect(events.at(-1)).toEqual({
        type: 'ended',
        reason: 'tool_calls',
        usage: {
          inputTokens: 20,
          outputTokens: 55,
          cacheReadTokens: 300,
          cacheWriteTokens: written - hour,
          cacheWriteHourTokens: hour,
          reasoningTokens: 11,
        },
      });
    });

    it('that is a refusal is an answer', async () => {
      standIn.next.push({
        answer: { pieces: [], stopReason: words.refusal, usage: { input_tokens: 5, output_tokens: 1 } },
      });
      expect((await askAll(provider())).at(-1)).toMatchObject({
        type: 'ended',
        reason: 'refusal',
        usage: { inputTokens: 5, outputTokens: 1 },
      });
    });

    it('that is not wanted any more ends with the reason of the caller, and its connection', async () => {
      standIn.next.push({ fault: { kind: 'stall', after: 1 } });
      const abort = new AbortController();
      const answer = provider().chat(plainRequest, PLAIN_TRAITS, { secret: STAND_IN_KEY }, abort.signal);
      const reason = new Error('cancelled');
      await expect(async () => {
        for await (const event of answer) if (event.type === 'text') abort.abort(reason);
      }).rejects.toBe(reason);
      await expect.poll(() => standIn.open).toBe(0);
    });
  });

  const ofCounts = world.countsTokens ? ['is a number that it says, or a failure'] : [];
  it.each(ofCounts)('the count of tokens %s', async () => {
    const { signal } = new AbortController();
    const count = () => provider().countTokens!(plainRequest, PLAIN_TRAITS, { secret: STAND_IN_KEY }, signal);
    expect(await count()).toBe(123);
    standIn.next.push({ fault: { kind: 'wrong_usage' } });
    await expect(count()).rejects.toMatchObject({ kind: 'malformed' });
    standIn.next.push({ fault: { kind: 'status', ...words.overload } });
    await expect(count()).rejects.toMatchObject({ kind: 'overloaded' });
  });

  describe('a failure', () => {
    it.each<[string, Fault, object]>([
      ...(words.busy
        ? [
            [
              'too many requests',
              { kind: 'status', ...words.busy, retryAfterSeconds: 7 },
              { kind: 'busy', retryAfterMs: 7_000 },
            ] as [string, Fault, object],
          ]
        : []),
      ['no capacity', { kind: 'status', ...words.overload }, { kind: 'overloaded' }],
      ['a failure of its own', { kind: 'status', ...words.failure }, { kind: 'unavailable' }],
      ['a wrong request', { kind: 'status', ...words.wrong }, { kind: 'request_refused' }],
      ['an account without credit', { kind: 'status', ...words.noCredit }, { kind: 'no_credit' }],
      ['a redirect', { kind: 'status', status: 302, type: 'moved' }, { kind: 'unavailable' }],
      ['no answer', { kind: 'stall', after: -1 }, { kind: 'stalled', pieces: 0 }],
      ['a stall in the middle', { kind: 'stall', after: 2 }, { kind: 'stalled', pieces: 3 }],
      ['a cut in the middle', { kind: 'cut', after: 2 }, { kind: 'cut', pieces: 3 }],
      ['an end without an end', { kind: 'end_early', after: 2 }, { kind: 'cut', pieces: 3 }],
      ['an event that is no JSON', { kind: 'malformed', after: 2 }, { kind: 'malformed', pieces: 3 }],
      [
        'an error in the middle',
        { kind: 'error_event', after: 2, type: words.overloaded },
        { kind: 'overloaded', pieces: 3 },
      ],
      [
        'a line of 10 MB',
        { kind: 'long_line', after: 2, bytes: 10_000_000 },
        { kind: 'too_large', pieces: 3 },
      ],
      ['figures that are no counts', { kind: 'wrong_usage' }, { kind: 'malformed' }],
    ])('is one of our kinds: %s', async (_name, fault, expected) => {
      expect(await fail(fault)).toMatchObject(expected);
    });

    const ofKey = world.hasKey ? ['is a refused key, which a test of the key finds out'] : [];
    it.each(ofKey)('%s', async () => {
      await expect(provider().testKey({ secret: STAND_IN_KEY })).resolves.toBeUndefined();
      await expect(provider().testKey({ secret: 'another' })).rejects.toMatchObject({ kind: 'key_refused' });
      await expect(askAll(provider(), {}, { secret: 'another' })).rejects.toMatchObject({
        kind: 'key_refused',
      });
    });

    it('is no connection', async () => {
      const nowhere = world.create({ apiUrl: 'http://127.0.0.1:9' });
      await expect(askAll(nowhere)).rejects.toMatchObject({ name: 'ProviderFailure', kind: 'unavailable' });
    });
  });
});
