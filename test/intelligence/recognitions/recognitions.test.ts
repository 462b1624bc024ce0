import { beforeEach, describe, expect, it } from 'vitest';
import { ProviderFailure } from '../../../src/intelligence/providers/index.ts';
import type { Ports } from '../../../src/kernel/context/index.ts';
import type { Actor } from '../../../src/kernel/core/index.ts';
import type {
  SpeechEvent,
  SpeechListener,
  SpeechSession,
  SpeechSessionRequest,
} from '../../../src/intelligence/providers/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { MemoryRecognitions, type RecognitionClient } from '../../support/memory-recognitions.ts';
import { withFreshToken } from '../../support/tokens.ts';

/** A connection to the speech service, which says what a test has it say. */
class Line implements SpeechSession {
  readonly sound: number[] = [];
  finalized = 0;
  isClosed = false;
  readonly request: SpeechSessionRequest;
  readonly #listener: SpeechListener;

  constructor(request: SpeechSessionRequest, listener: SpeechListener) {
    this.request = request;
    this.#listener = listener;
  }

  push(sound: Uint8Array): void {
    this.sound.push(sound[0]!);
  }
  finalize(): void {
    this.finalized++;
  }
  close(): void {
    this.isClosed = true;
  }
  say(event: SpeechEvent): void {
    this.#listener.onEvent(event);
  }
  final(startMs: number, endMs: number, text = 'Good morning.'): void {
    this.say({ type: 'final', segment: 0, text, language: 'en', startMs, endMs, words: [] });
  }
  fail(): void {
    this.#listener.onEnded(new ProviderFailure('speech', 'stalled'));
  }
}

let app: TestApp;
let ann: Person;
let live: MemoryRecognitions;
let lines: Line[];
let id: string;
let socket: RecognitionClient;

const PATH = '/api/v1/ai/recognitions';
const send = (method: string, path: string, body?: object, { token } = ann) =>
  app.send(method, path, { token, ...(body && { body }) });
/** Two seconds of sound, that are named by their first byte. */
const sound = (name: number) => new Uint8Array(64_000).fill(name);
const push = (name: number) => live.send(id, socket, sound(name));
async function open(after = 0): Promise<void> {
  socket = live.open(id);
  await live.send(id, socket, { type: 'hello', after });
}
async function pass(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  await live.wake(id);
}
const last = () => socket.frames.at(-1);
/** Milliseconds that were counted. */
async function counted(): Promise<number> {
  await app.drain();
  const at = (days: number) => new Date(app.clock.now() + days * 86_400_000).toISOString().slice(0, 10);
  const period = `from=${at(-2)}T00:00:00Z&to=${at(2)}T00:00:00Z`;
  ann = await withFreshToken(app, ann);
  const { body } = await send('GET', `/api/v1/usage/summary?${period}`);
  return body.meters.find((each: { meter: string }) => each.meter === 'recognized_minutes').quantity;
}

beforeEach(async () => {
  lines = [];
  const openLine = (request: SpeechSessionRequest, listener: SpeechListener) => {
    const line = new Line(request, listener);
    lines.push(line);
    return line;
  };
  app = createTestApp({
    speech: () =>
      ({ speechToText: { open: openLine } }) as unknown as ReturnType<NonNullable<Ports['speech']>>,
  });
  live = app.services.ports.recognitions as MemoryRecognitions;
  ann = await app.person();
  const answer = await send('POST', PATH, { language: 'en' });
  expect(answer).toMatchObject({
    status: 201,
    body: { protocols: ['auralink-recognition.v1', expect.any(String)] },
  });
  id = answer.body.id;
  await open();
});

describe('a recognition', () => {
  it('answers sound with versions of a sentence, and once with its words', async () => {
    expect(last()).toEqual({ type: 'ready', fromMs: 0, seq: 0 });
    await push(1);
    expect(lines[0]).toMatchObject({
      request: { language: 'en', encoding: 'pcm16', offsetMs: 0 },
      sound: [1],
    });
    lines[0]!.say({ type: 'partial', segment: 0, version: 1, text: 'Good', startMs: 200 });
    expect(last()).toEqual({ type: 'partial', startMs: 200, text: 'Good', version: 1 });
    lines[0]!.final(200, 1_900);
    expect(last()).toMatchObject({
      type: 'final',
      seq: 1,
      startMs: 200,
      endMs: 1_900,
      text: 'Good morning.',
    });
  });

  it('ends when its client closes it and all sound has its results, and counts its sound once', async () => {
    await push(1);
    await live.send(id, socket, { type: 'close' });
    expect(lines[0]).toMatchObject({ finalized: 1, isClosed: false });
    lines[0]!.final(200, 1_900);
    lines[0]!.say({ type: 'finalized' });
    await live.wake(id);
    expect(socket.frames.map(({ type }) => type)).toEqual(['ready', 'final', 'finalized', 'ended']);
    expect(last()).toEqual({ type: 'ended', reason: 'closed', receivedMs: 2_000 });
    expect(socket.closeCode).toBe(1000);
    expect(await counted()).toBe(2_000);
    expect(await send('POST', `${PATH}/${id}/tickets`)).toMatchObject({
      body: { code: 'recognitions.not_found' },
    });
  });

  it('counts a minute that takes long before its reservation ends, and all sound once', async () => {
    await push(1);
    await pass(540);
    expect(await counted()).toBe(2_000);
    await push(2);
    await live.send(id, socket, { type: 'close' });
    lines.at(-1)!.say({ type: 'finalized' });
    await live.wake(id);
    expect(await counted()).toBe(4_000);
  });

  it('continues where its results end when its client comes back, which gets what it has not seen', async () => {
    await push(1);
    lines[0]!.final(0, 1_500);
    await push(2);
    live.leave(id, socket);
    lines[0]!.final(2_000, 2_500, 'Unseen.');
    await pass(30);
    expect(await send('POST', `${PATH}/${id}/tickets`)).toMatchObject({ status: 200 });
    await open(1);
    expect(socket.frames).toMatchObject([
      { type: 'ready', fromMs: 2_500, seq: 2 },
      { type: 'final', seq: 2, text: 'Unseen.' },
    ]);
    await push(3);
    expect(lines[1]).toMatchObject({ request: { offsetMs: 2_500 }, sound: [3] });
    lines[0]!.final(2_000, 3_000, 'Of the former line.');
    expect(last()).toMatchObject({ seq: 2 });
  });

  it('without a client for a minute is over', async () => {
    await push(1);
    live.leave(id, socket);
    await pass(59);
    expect(await send('POST', `${PATH}/${id}/tickets`)).toMatchObject({ status: 200 });
    await pass(1);
    expect(lines[0]!.isClosed).toBe(true);
    expect(await counted()).toBe(2_000);
  });

  it('asks its client to continue after its object was moved, and counts nothing twice', async () => {
    await push(1);
    lines[0]!.final(0, 1_000);
    live.evict(id);
    await push(2);
    expect(socket.closeCode).toBe(4412);
    live.leave(id, socket);
    await open(1);
    expect(last()).toEqual({ type: 'ready', fromMs: 1_000, seq: 1 });
    await push(2);
    await send('DELETE', `${PATH}/${id}`);
    expect(await counted()).toBe(3_000);
  });

  it('has one client: another socket replaces the one before', async () => {
    const former = socket;
    await open();
    expect(former.closeCode).toBe(4409);
    await push(1);
    expect(lines).toHaveLength(1);
  });

  it('closes sockets that send before hello, what is no sound, too much of it, or frames without end', async () => {
    const misbehave: (readonly [number, () => Promise<void>])[] = [
      [4400, () => live.send(id, socket, { type: 'hello', after: 0 })],
      [4400, () => live.send(id, socket, new Uint8Array(3))],
      [1009, () => live.send(id, socket, new Uint8Array(64_002))],
      [
        4429,
        async () => {
          for (let at = 0; at < 17; at++) await push(at);
        },
      ],
      [
        4429,
        async () => {
          for (let at = 0; at < 11; at++) await live.send(id, socket, { type: 'finalize' });
        },
      ],
    ];
    for (const [code, act] of misbehave) {
      await open();
      await act();
      expect(socket.closeCode).toBe(code);
    }
    socket = live.open(id);
    await push(1);
    expect(socket.closeCode).toBe(4400);
    socket = live.open(id);
    await pass(10);
    expect(socket.closeCode).toBe(4408);
  });
});

describe('a client that asks for its results', () => {
  it('at once after its sound gets them, although the minute was not allowed yet', async () => {
    const pushed = push(1);
    await live.send(id, socket, { type: 'close' });
    await pushed;
    expect(lines[0]).toMatchObject({ sound: [1], finalized: 1 });
    lines[0]!.final(0, 2_000);
    lines[0]!.say({ type: 'finalized' });
    await live.wake(id);
    expect(last()).toMatchObject({ type: 'ended', reason: 'closed' });
  });

  it('from a line that has failed is answered by the next one', async () => {
    await push(1);
    await live.send(id, socket, { type: 'finalize' });
    lines[0]!.fail();
    await pass(1);
    expect(lines[1]).toMatchObject({ sound: [1], finalized: 1 });
  });

  it('of sound that has all of them is answered at once', async () => {
    await push(1);
    lines[0]!.final(0, 2_000);
    await live.send(id, socket, { type: 'finalize' });
    expect(last()).toEqual({ type: 'finalized' });
  });
});

describe('a client that is silent', () => {
  it('for a minute takes no place at the speech service, and for ten is gone', async () => {
    await push(1);
    lines[0]!.final(0, 2_000);
    await pass(60);
    expect(lines[0]!.isClosed).toBe(true);
    await push(2);
    expect(lines[1]).toMatchObject({ request: { offsetMs: 2_000 }, sound: [2] });
    await pass(600);
    expect(last()).toMatchObject({ type: 'ended', reason: 'abandoned' });
  });
});

describe('a speech service that fails', () => {
  it('in the middle of a sentence is asked again for what has no result, so that nothing is missing or comes twice', async () => {
    await push(1);
    await push(2);
    lines[0]!.final(0, 2_000);
    await push(3);
    lines[0]!.fail();
    expect(last()).toEqual({ type: 'degraded' });
    await pass(1);
    expect(lines[1]).toMatchObject({ request: { offsetMs: 2_000 }, sound: [2, 3] });
    lines[0]!.final(2_000, 3_000, 'Too late.');
    lines[1]!.final(2_100, 5_900, 'Again.');
    expect(last()).toMatchObject({ seq: 2, text: 'Again.' });
    await send('DELETE', `${PATH}/${id}`);
    expect(await counted()).toBe(6_000);
  });

  it('for longer than sound is kept leaves a gap with its times', async () => {
    await push(1);
    lines[0]!.final(0, 2_000);
    for (let at = 0; at < 20; at++) {
      await push(2);
      lines.at(-1)!.fail();
      await pass(2);
    }
    const gaps = socket.frames.filter((frame) => frame.type === 'gap');
    expect(gaps[0]).toMatchObject({ startMs: 2_000, seq: 2 });
    for (const [at, gap] of gaps.entries()) if (at > 0) expect(gap.startMs).toBe(gaps[at - 1]!.endMs);
    expect(lines.at(-1)!.request.offsetMs).toBe(gaps.at(-1)!.endMs);
    const lost = gaps.at(-1)!.endMs - 2_000;
    await send('DELETE', `${PATH}/${id}`);
    expect(await counted()).toBe(42_000 - lost);
  });

  it('while the speaker is silent is no gap', async () => {
    for (let at = 0; at < 20; at++) {
      await push(at);
      await pass(2);
    }
    expect(socket.frames.map(({ type }) => type)).toEqual(['ready']);
    expect(lines).toHaveLength(1);
  });

  it('says that it had no time for a sentence: a gap', async () => {
    await push(1);
    lines[0]!.say({ type: 'gap', segment: 0, startMs: 300, endMs: 1_700 });
    expect(last()).toEqual({ type: 'gap', seq: 1, startMs: 300, endMs: 1_700 });
  });

  it('for five minutes ends the recognition', async () => {
    await push(1);
    for (let at = 0; at < 31; at++) {
      lines.at(-1)!.fail();
      await pass(10);
    }
    expect(last()).toMatchObject({ type: 'ended', reason: 'speech_away' });
  });
});

describe('each minute of sound', () => {
  const pushMinute = async () => {
    for (let at = 0; at < 30; at++) {
      await push(at);
      await pass(2);
    }
  };

  it('is asked for again: of a member who was removed no more is sent', async () => {
    const member = await app.person({ role: 'member', organizationId: ann.organizationId });
    const { body } = await send('POST', PATH, {}, member);
    id = body.id;
    await open();
    await pushMinute();
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [member.userId]);
    const sent = lines[0]!.sound.length;
    await push(99);
    expect(lines[0]!.sound).toHaveLength(sent);
    expect(socket.frames.slice(-2)).toMatchObject([
      { type: 'error' },
      { type: 'ended', reason: 'not_allowed' },
    ]);
    expect(await counted()).toBe(60_000);
  });

  it('is counted once when it ends while the next one is being allowed', async () => {
    await pushMinute();
    const { userId, sessionId, organizationId, role } = ann;
    const asker = {
      kind: 'user',
      userId,
      sessionId,
      organizationId,
      permissions: [],
      role,
      plan: 'free',
    } as Actor;
    await Promise.all([push(99), live.end({ organizationId, recognitionId: id }, asker)]);
    expect(await counted()).toBe(60_000);
    expect(
      await ownerSql(
        `select quantity::int from included_uses where organization_id = $1 and meter = 'recognized_minutes'`,
        [organizationId],
      ),
    ).toEqual([{ quantity: 60_000 }]);
  });

  it('is refused once the plan has no speech', async () => {
    await pushMinute();
    await ownerSql(
      `insert into entitlement_grants (id, organization_id, kind, name, value, reason, starts_at, created_by, created_at)
       values ($1, $2, 'feature', 'speech', 0, 'Test', $3, 'operator', $3)`,
      [app.services.ids.create('entitlementGrant'), ann.organizationId, new Date(app.clock.now())],
    );
    await push(99);
    expect(socket.frames.slice(-2)).toMatchObject([
      { type: 'error', code: 'billing.feature_not_included' },
      { type: 'ended', reason: 'not_allowed' },
    ]);
  });

  it('is reserved from the budget, and settled with what was sent', async () => {
    const price = {
      meter: 'recognized_minutes',
      unitPrice: '0.60',
      unitQuantity: 60_000,
      startsAt: '2020-01-01T00:00:00Z',
      source: 'Test',
    };
    await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body: { prices: [price] } });
    await send('PUT', '/api/v1/ai/budget', { period: 'day', limitMicros: 700_000 });
    await push(1);
    expect(last()).toMatchObject({ type: 'ready' });
    await send('DELETE', `${PATH}/${id}`);
    const second = await send('POST', PATH, {});
    id = second.body.id;
    await open();
    await push(1);
    expect(lines.at(-1)!.sound).toEqual([1]);
    const third = await send('POST', PATH, {});
    id = third.body.id;
    await open();
    await push(1);
    expect(socket.frames.slice(-2)).toMatchObject([
      { type: 'error', code: 'speech.out_of_budget' },
      { type: 'ended', reason: 'not_allowed' },
    ]);
  });
});

describe('the asker', () => {
  it('alone gets tickets and ends it; others do not learn that it is there', async () => {
    const other = await app.person({ organizationId: ann.organizationId });
    for (const [method, path] of [
      ['POST', `${PATH}/${id}/tickets`],
      ['DELETE', `${PATH}/${id}`],
    ] as const)
      expect(await send(method, path, undefined, other)).toMatchObject({
        status: 404,
        body: { code: 'recognitions.not_found' },
      });
    expect(await send('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 204 });
  });
});
