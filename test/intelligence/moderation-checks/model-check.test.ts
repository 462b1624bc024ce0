import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeChatEvents } from '../../../src/messaging/chat/index.ts';
import type { ChatEvent } from '../../../src/realtime/protocol/index.ts';
import { checkMessages } from '../../../src/intelligence/moderation-checks/check-texts.ts';
import { sweepChecks, sweepWaiting } from '../../../src/intelligence/moderation-checks/settle-check.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, storePrices } from '../../support/ai/stand-in-app.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { openSystemCtx } from '../../support/moderation.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let standIn: AiStandIn;
let host: Person;
let ben: Person;
let roomId: string;
let seq: number;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());

const call = (method: string, path: string, body?: unknown, { token } = host) =>
  app.send(method, `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
const harassment = { category: 'harassment', severity: 'medium', action: 'flag' };
const setPolicy = async (modelCheck: object = {}, rules: object[] = []) =>
  expect(
    await call('PUT', '/moderation/policy', {
      rules,
      modelCheck: { model: MODEL, categories: [harassment], ...modelCheck },
    }),
  ).toMatchObject({ status: 200 });

beforeEach(async () => {
  seq = 0;
  standIn.next.length = 0;
  standIn.requests.length = 0;
  standIn.gate = undefined;
  app.liveRooms.appliedCommands.length = 0;
  host = await app.person({ plan: 'pro' });
  ben = await app.person({ role: 'member', organizationId: host.organizationId, plan: 'pro' });
  roomId = (await call('POST', '/rooms', { name: 'Standup' })).body.id;
  await setPolicy();
});

async function store(event: object): Promise<void> {
  const at = new Date(app.clock.now() + ++seq).toISOString();
  const afterwards: Promise<unknown>[] = [];
  await storeChatEvents(openSystemCtx(app, host, afterwards), roomId, [{ ...event, seq, at } as ChatEvent]);
  await Promise.all(afterwards);
}
async function write(text: string, { userId } = ben): Promise<string> {
  const messageId = app.services.ids.create('message');
  await store({
    type: 'chat.message',
    messageId,
    identity: userId,
    name: 'Ben',
    text,
    threadId: null,
    replyTo: null,
  });
  return messageId;
}
const edit = (messageId: string, text: string) =>
  store({ type: 'chat.edited', messageId, identity: ben.userId, text });
/** The next answer of the model, in two pieces: the gate is between them. */
function finds(...findings: [line: number, category: string, severity: string][]): void {
  const text = JSON.stringify({
    findings: findings.map(([line, category, severity]) => ({ line, category, severity })),
  });
  const pieces = [text.slice(0, 9), text.slice(9)];
  standIn.next.push({ answer: { pieces, usage: { input_tokens: 90, output_tokens: 30 } } });
}
const grantRunning = async (value: number) =>
  expect(
    await app.send('POST', `/api/v1/operator/organizations/${host.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'limit', name: 'running_generations', value, reason: 'Test' },
    }),
  ).toMatchObject({ status: 201 });
const checks = async () => (await call('GET', '/moderation/checks')).body.data;
const reviews = async () => (await call('GET', '/moderation/reviews')).body.data;
/** Until no check runs. @returns the checks */
async function settle() {
  const running = async () => {
    await app.generations.whenAnswered();
    await app.drain();
    return (await checks()).filter(({ state }: { state: string }) => state === 'running').length;
  };
  await expect.poll(running, { interval: 50, timeout: 30_000 }).toBe(0);
  await app.drain();
  return checks();
}
const asked = () => standIn.requests.map(({ body }) => body.messages[0].content[0].text as string);
const commands = (type: string) =>
  app.liveRooms.appliedCommands.filter(({ command }) => command.type === type);

describe('a check by a model', () => {
  it('puts up what it finds from the severity on that the policy names, counted as moderation', async () => {
    finds([1, 'harassment', 'high'], [1, 'spam', 'high'], [7, 'harassment', 'high']);
    const messageId = await write('You are worthless.');
    expect(await settle()).toMatchObject([{ state: 'done', lines: 1, found: 1, reason: null }]);
    expect(asked()).toEqual(['<lines>\n1: You are worthless.\n</lines>']);
    expect(await reviews()).toMatchObject([
      {
        source: 'model',
        category: 'harassment',
        severity: 'high',
        action: 'flag',
        messageId,
        text: 'You are worthless.',
        rule: '',
      },
    ]);
    expect(commands('chat.delete')).toEqual([]);
    const [generation] = await ownerSql(
      'select origin, user_id from ai_generations where organization_id = $1',
      [host.organizationId],
    );
    expect(generation).toEqual({ origin: { feature: 'moderation', room: roomId }, user_id: host.userId });
  });

  it('finds nothing below that severity', async () => {
    finds([1, 'harassment', 'low']);
    await write('Well, well.');
    expect(await settle()).toMatchObject([{ state: 'done', found: 0 }]);
    expect(await reviews()).toEqual([]);
  });

  it('that hides deletes the message for everybody, and a review posts it again', async () => {
    await setPolicy({ categories: [{ ...harassment, action: 'hide' }] });
    finds([1, 'harassment', 'medium']);
    const messageId = await write('You are worthless.');
    await settle();
    expect(commands('chat.delete')).toMatchObject([
      { roomId, command: { messageId } },
      { command: { messageId } },
    ]);
    const [review] = await reviews();
    const { body } = await call('POST', `/rooms/${roomId}/moderation/reviews/${review.id}/decide`, {
      decision: 'approve',
    });
    expect(body).toMatchObject({ state: 'approved', postedMessageId: expect.stringMatching(/^msg_/) });
    expect(commands('chat.post')[0]).toMatchObject({
      command: { messageId: body.postedMessageId, text: 'You are worthless.' },
    });
  });

  it('says nothing of words that were edited while it looked: those of now are looked at for themselves', async () => {
    let release = () => {};
    standIn.gate = new Promise((resolve) => (release = resolve));
    for (let question = 0; question < 2; question++) finds([1, 'harassment', 'high']);
    const messageId = await write('You are worthless.');
    await app.drain();
    await expect.poll(() => standIn.requests.length, { interval: 50, timeout: 30_000 }).toBe(1);
    // Later than the time in which lines are collected.
    app.clock.advanceSeconds(10);
    await edit(messageId, 'You are hopeless.');
    release();
    standIn.gate = undefined;
    expect(await settle()).toMatchObject([
      { state: 'done', found: 1 },
      { state: 'done', found: 0 },
    ]);
    expect(await reviews()).toMatchObject([{ text: 'You are hopeless.' }]);
  });

  it('does not look at what rules have found, and looks once at what comes again', async () => {
    await setPolicy({}, [{ name: 'Insults', words: ['blockhead'], action: 'flag' }]);
    finds();
    await write('You blockhead!');
    await write('Good morning.');
    await settle();
    expect(asked().join()).not.toContain('blockhead');
    expect(await reviews()).toMatchObject([{ source: 'words', rule: 'Insults' }]);
  });
});

describe('a message that no model looks at', () => {
  it.each([
    ['show', []],
    ['flag', [{ source: 'not_checked', action: 'flag', text: 'Hello.' }]],
  ])(
    'because it fails stays, and the policy says whether people look: %s',
    async (whenNotChecked, expected) => {
      await setPolicy({ whenNotChecked });
      for (let attempt = 0; attempt < 4; attempt++)
        standIn.next.push({ fault: { kind: 'status', status: 400 } });
      await write('Hello.');
      expect(await settle()).toMatchObject([{ state: 'failed', reason: 'generation_failed' }]);
      expect(await reviews()).toMatchObject(expected);
      expect(commands('chat.delete')).toEqual([]);
    },
  );

  it('because its answer cannot be read stays', async () => {
    standIn.next.push({ answer: { pieces: ['no'], usage: { input_tokens: 9, output_tokens: 9 } } });
    await write('Hello.');
    expect(await settle()).toMatchObject([{ state: 'failed', reason: 'answer_not_readable' }]);
  });

  it('because the plan has no models any more stays, and the rules hold', async () => {
    await setPolicy({}, [{ name: 'Insults', words: ['blockhead'], action: 'flag' }]);
    await includePlatformModels(app, host, 0);
    await write('You blockhead!');
    await write('Hello.');
    expect(await settle()).toMatchObject([
      { state: 'failed', reason: 'not_asked', errorCode: 'billing.feature_not_included', generationId: null },
    ]);
    expect(await reviews()).toMatchObject([{ source: 'words' }]);
  });

  it('because the person who set the policy is gone stays', async () => {
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [host.userId]);
    await write('Hello.');
    await app.drain();
    const rows = await ownerSql('select state, reason from moderation_checks where organization_id = $1', [
      host.organizationId,
    ]);
    expect(rows).toEqual([{ state: 'failed', reason: 'author_gone' }]);
  });

  it('because its question was lost is not waited for', async () => {
    finds();
    await write('Hello.');
    await settle();
    await ownerSql(
      `update moderation_checks set state = 'running', ended_at = null, generation_id = null where organization_id = $1`,
      [host.organizationId],
    );
    app.clock.advanceSeconds(13 * 60);
    await sweepChecks(app.services);
    host = await withFreshToken(app, host);
    expect(await checks()).toMatchObject([{ state: 'failed', reason: 'answer_gone' }]);
  });
});

describe('lines of a room', () => {
  const nothingFound = (questions: number) => {
    for (let n = 0; n < questions; n++) finds();
  };
  /** The task of each minute, once so much time is over. */
  const ask = async (afterSeconds: number) => {
    app.clock.advanceSeconds(afterSeconds);
    await sweepWaiting(app.services);
    await settleAll();
  };
  /** Until no model is asked: what waits for its turn stays. */
  const settleAll = async () => {
    const asking = async () => {
      await app.drain();
      await app.generations.whenAnswered();
      await app.drain();
      return (await rowsOf()).filter(({ state, waits }) => state === 'running' && !waits).length;
    };
    await expect.poll(asking, { interval: 50, timeout: 30_000 }).toBe(0);
  };
  const generationsOf = () =>
    ownerSql('select id from ai_generations where organization_id = $1', [host.organizationId]);
  const rowsOf = () =>
    ownerSql(
      `select state, reason, error_code as code, ask_at is not null as waits, jsonb_array_length(lines) as lines
       from moderation_checks where organization_id = $1 order by created_at, id`,
      [host.organizationId],
    );

  it('that are written within ten seconds are one question', async () => {
    nothingFound(2);
    await write('One.');
    await settleAll();
    for (const text of ['Two.', 'Three.']) {
      app.clock.advanceSeconds(4);
      await write(text);
      await settleAll();
    }
    expect(asked()).toHaveLength(1);
    app.clock.advanceSeconds(4);
    await write('Four.');
    await settleAll();
    expect(asked()[1]).toBe('<lines>\n1: Two.\n2: Three.\n3: Four.\n</lines>');
    expect(await rowsOf()).toMatchObject([{ lines: 1 }, { lines: 3, state: 'done' }]);
  });

  it('that wait for more are asked about by the task of each minute', async () => {
    nothingFound(2);
    await write('One.');
    await settleAll();
    await write('Two.');
    await settleAll();
    expect(asked()).toHaveLength(1);
    await ask(60);
    expect(asked()[1]).toBe('<lines>\n1: Two.\n</lines>');
  });

  it('that come again with others are asked about once, and the others too', async () => {
    nothingFound(2);
    const messageIds = [await write('One.')];
    const check = () => checkMessages(openSystemCtx(app, host, []), { roomId, messageIds });
    await check();
    messageIds.push(await write('Two.'));
    app.clock.advanceSeconds(10);
    await check();
    await app.generations.whenAnswered();
    expect(asked().toSorted()).toEqual(['<lines>\n1: One.\n</lines>', '<lines>\n1: Two.\n</lines>']);
  });

  it('that spoil an answer take no others with them: each half is asked about once more', async () => {
    const unreadable = { answer: { pieces: ['no'], usage: { input_tokens: 9, output_tokens: 9 } } };
    standIn.next.push(unreadable);
    const messageIds = [await write('One.'), await write('Two.'), await write('Three.')];
    await checkMessages(openSystemCtx(app, host, []), { roomId, messageIds });
    // The second half begins with a line with which another check began once.
    await ownerSql(
      `insert into moderation_checks (id, organization_id, room_id, lines, subject_key, state, ended_at, created_at, version)
       select 'mdc_' || repeat('0', 26), organization_id, room_id, '[]', lines -> 2 ->> 'key', 'done', created_at, created_at, 1
       from moderation_checks where organization_id = $1`,
      [host.organizationId],
    );
    await settleAll();
    // The halves are of one moment, and have no order.
    standIn.next.push(unreadable);
    finds([1, 'harassment', 'high']);
    await ask(10);
    await ask(10);
    const halves = asked().slice(1);
    expect(halves).toHaveLength(2);
    expect(halves.flatMap((text) => text.match(/[A-Z]\w+\./g) ?? []).toSorted()).toEqual([
      'One.',
      'Three.',
      'Two.',
    ]);
    const ends = (await rowsOf()).map(({ state, reason }) => `${String(state)} ${String(reason)}`);
    expect(ends.toSorted()).toEqual(['done null', 'done null', 'failed answer_not_readable']);
  });

  it('wait when checks run as often as half of what the plan lets run at once, and are given up after half an hour', async () => {
    await setPolicy({ whenNotChecked: 'flag' });
    await grantRunning(1);
    await write('Hello.');
    await settleAll();
    expect(await rowsOf()).toMatchObject([{ state: 'running', waits: true }]);
    await ask(60);
    expect(await rowsOf()).toMatchObject([{ state: 'running', waits: true }]);
    app.clock.advanceSeconds(28 * 60);
    await write('Hello again.');
    await settleAll();
    await ask(60);
    // Those that came later still wait.
    expect(await rowsOf()).toMatchObject([
      { state: 'failed', reason: 'not_asked', code: 'billing.limit_reached' },
      { state: 'running', waits: true },
    ]);
    host = await withFreshToken(app, host);
    expect(await reviews()).toMatchObject([{ source: 'not_checked' }]);
  });

  it('do not wait for included tokens that are used up: those do not come back so soon', async () => {
    await ownerSql(`update organizations set plan = 'free' where id = $1`, [host.organizationId]);
    await ownerSql(
      `insert into included_uses values ($1, 'ai_output_tokens', date_trunc('month', $2::timestamptz, 'UTC'), 100000)`,
      [host.organizationId, new Date(app.clock.now()).toISOString()],
    );
    await write('Hello.');
    await settleAll();
    expect(await rowsOf()).toMatchObject([
      { state: 'failed', reason: 'not_asked', code: 'billing.limit_reached' },
    ]);
  });

  it('have a quarter of the budget for AI, and wait while it is spent or held', async () => {
    await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
    // 4,000 tokens of output alone may cost 20,000: a quarter of the first budget does not cover them.
    await call('PUT', '/ai/budget', { limitMicros: 79_000, period: 'month' });
    await write('Hello.');
    await settleAll();
    await ask(60);
    // They wait, and no generation fails for them.
    expect(await rowsOf()).toMatchObject([{ state: 'running', waits: true }]);
    expect(await generationsOf()).toEqual([]);
    await call('PUT', '/ai/budget', { limitMicros: 130_000, period: 'month' });
    nothingFound(1);
    await ask(60);
    expect(asked()).toHaveLength(1);
    expect(await rowsOf()).toMatchObject([{ state: 'done' }]);
    expect((await call('GET', '/ai/budget')).body).toMatchObject({ reserved: { amountMicros: 0 } });
  });
});

it('a policy with a check by a model needs a person who may ask models', async () => {
  const { body: key } = await call('POST', '/api-keys', { name: 'Key', scopes: ['moderation:write'] });
  const body = { rules: [], modelCheck: { categories: [harassment] } };
  expect(await call('PUT', '/moderation/policy', body, { ...host, token: key.secret })).toMatchObject({
    status: 403,
  });
  expect(
    await call('PUT', '/moderation/policy', { rules: [] }, { ...host, token: key.secret }),
  ).toMatchObject({ status: 200, body: { authorId: null } });
});
