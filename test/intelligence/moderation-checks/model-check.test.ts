import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeChatEvents } from '../../../src/messaging/chat/index.ts';
import type { ChatEvent } from '../../../src/realtime/protocol/index.ts';
import { sweepChecks } from '../../../src/intelligence/moderation-checks/settle-check.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL } from '../../support/ai/stand-in-app.ts';
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
    // Checks are listed by when they began.
    app.clock.advanceSeconds(1);
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
