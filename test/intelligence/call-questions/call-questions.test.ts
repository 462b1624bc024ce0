import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepQuestions } from '../../../src/intelligence/call-questions/settle-question.ts';
import { chatMessages } from '../../../src/messaging/chat/chat.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { createHeldCall, insertCallTranscript, insertQuestion } from '../../support/workflows.ts';

let app: TestApp;
let standIn: AiStandIn;
let ann: Person;
let ben: Person;
let held: { roomId: string; callId: string };
const BEGUN = new Date('2026-03-02T09:00:00Z');
const LINES = [
  'Good morning, the budget is forty thousand.',
  'We ship version four on Thursday.',
  'Mara will write the release notes.',
];

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  app.liveRooms.appliedCommands.length = 0;
  ann = await app.person({ plan: 'pro' });
  ben = await app.person({ role: 'member', organizationId: ann.organizationId, plan: 'pro' });
  held = await createHeldCall(app, ann, { people: [ann, ben] });
  await insertCallTranscript(app, ann, { callId: held.callId }, LINES, { createdAt: BEGUN });
});

const api = (method: string, path = '', body?: unknown, { token } = ann) =>
  app.send(method, `/api/v1/calls/${held.callId}/questions${path}`, {
    token,
    ...(body === undefined ? {} : { body }),
  });
const says = (...statements: [text: string, line: number, quote: string][]) =>
  standIn.next.push({
    answer: {
      pieces: [
        JSON.stringify({
          statements: statements.map(([text, line, quote]) => ({ text, quotes: [{ line, quote }] })),
        }),
      ],
      usage: { input_tokens: 90, output_tokens: 30 },
    },
  });
/** Until the question has come to its end. */
async function ask(body: object = {}, person = ann) {
  const made = await api('POST', '', { question: 'When do we ship?', model: MODEL, ...body }, person);
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  const state = async () => {
    await app.drain();
    return (await ownerSql('select state from call_questions where id = $1', [made.body.id]))[0]!.state;
  };
  await expect.poll(state, { interval: 20, timeout: 20_000 }).not.toBe('running');
  await app.drain();
  return (await api('GET', `/${made.body.id}`, undefined, person)).body;
}
async function write(text: string, seconds: number) {
  const id = app.services.ids.create('message');
  const sentAt = new Date(BEGUN.getTime() + seconds * 1000);
  await app.services.database.commit(systemScope, (q) => [
    q.insert(chatMessages).values({
      id,
      organizationId: ann.organizationId,
      roomId: held.roomId,
      identity: ann.userId,
      name: 'Ann',
      text,
      sentAt,
      changedAt: sentAt,
    }),
  ]);
  return id;
}
const asked = () => standIn.requests.at(-1)!.body.messages[0].content[0].text as string;

describe('a question about a call', () => {
  it('is answered with the moments of transcript and chat, and without what has no quote', async () => {
    await ownerSql("update calls set status = 'ended', ended_at = $2 where id = $1", [
      held.callId,
      new Date(BEGUN.getTime() + 600_000).toISOString(),
    ]);
    const messageId = await write('The release is called Heron.', 5);
    await write('Long after the call.', 900);
    says(
      ['On Thursday.', 2, 'We ship version four on Thursday.'],
      ['It is called Heron.', 3, 'release is called Heron'],
      ['Everybody gets a bonus.', 1, 'everybody gets a bonus'],
    );
    const { state, statements } = await ask();
    expect(asked()).not.toContain('Long after');
    const [{ origin }] = (await ownerSql('select origin from ai_generations where organization_id = $1', [
      ann.organizationId,
    ])) as [{ origin: unknown }];
    expect(origin).toEqual({ feature: 'questions', room: held.roomId, call: held.callId });
    expect({ state, statements }).toEqual({
      state: 'answered',
      statements: [
        {
          text: 'On Thursday.',
          citations: [{ kind: 'speech', id: '10', atSeconds: 4, quote: 'We ship version four on Thursday.' }],
        },
        {
          text: 'It is called Heron.',
          citations: [{ kind: 'chat', id: messageId, atSeconds: 5, quote: 'release is called Heron' }],
        },
      ],
    });
  });

  it('that nothing in the call answers is not found, and nothing is posted', async () => {
    says(['On Friday.', 2, 'we ship on Friday']);
    expect(await ask({ post: true })).toMatchObject({ state: 'not_found', statements: [] });
    expect(app.liveRooms.appliedCommands.some(({ command }) => command.type === 'chat.post')).toBe(false);
  });

  it('of somebody who came later is answered from what was said since', async () => {
    const later = new Date(BEGUN.getTime() + 4_000).toISOString();
    await ownerSql('update call_participants set joined_at = $2 where identity = $1', [ben.userId, later]);
    await write('Before Ben.', 1);
    says(['On Thursday.', 1, 'We ship version four on Thursday.']);
    expect(await ask({}, ben)).toMatchObject({ state: 'answered' });
    expect(asked()).toContain('1: We ship version four on Thursday.');
    expect(asked()).not.toMatch(/forty thousand|Before Ben/);
  });

  it('of somebody who came after captions were switched on is answered from what was said since, by the time of the call', async () => {
    const at = (seconds: number) => new Date(BEGUN.getTime() + seconds * 1_000).toISOString();
    await ownerSql('update transcriptions set created_at = $2 where call_id = $1', [held.callId, at(4)]);
    await ownerSql('update call_participants set joined_at = $2 where identity = $1', [ben.userId, at(8)]);
    says(['Mara does.', 1, 'Mara will write the release notes']);
    const { statements } = await ask({}, ben);
    expect(asked()).not.toContain('version four');
    expect(statements[0].citations).toMatchObject([{ kind: 'speech', id: '20', atSeconds: 8 }]);
  });

  it('of somebody who asked about more than they may know today shows no more, and is not posted', async () => {
    const setRole = (role: string) =>
      ownerSql(
        `insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
         values ($1, $2, $3, $3, $4, $3, now()) on conflict (room_id, identity) do update set role = $4`,
        [ann.organizationId, held.roomId, ben.userId, role],
      );
    await setRole('moderator');
    const later = new Date(BEGUN.getTime() + 4_000).toISOString();
    await ownerSql('update call_participants set joined_at = $2 where identity = $1', [ben.userId, later]);
    let release = () => {};
    standIn.gate = new Promise((resolve) => (release = resolve));
    const text = JSON.stringify({
      statements: [{ text: 'Forty.', quotes: [{ line: 1, quote: 'the budget is forty thousand' }] }],
    });
    const pieces = [text.slice(0, 9), text.slice(9)];
    standIn.next.push({ answer: { pieces, usage: { input_tokens: 9, output_tokens: 9 } } });
    const body = { question: 'How much?', model: MODEL, post: true };
    const { id } = (await api('POST', '', body, ben)).body;
    await setRole('participant');
    release();
    standIn.gate = undefined;
    const state = async () => {
      await app.drain();
      return (await ownerSql('select state from call_questions where id = $1', [id]))[0]!.state;
    };
    await expect.poll(state, { interval: 20, timeout: 20_000 }).toBe('answered');
    await app.drain();
    expect(app.liveRooms.appliedCommands.some(({ command }) => command.type === 'chat.post')).toBe(false);
    expect((await api('GET', `/${id}`, undefined, ben)).body.code).toBe('call_questions.not_found');
    expect((await api('GET', '', undefined, ben)).body.data).toEqual([]);
    await setRole('moderator');
    expect((await api('GET', `/${id}`, undefined, ben)).body).toMatchObject({ state: 'answered' });
    expect((await api('GET', '', undefined, ben)).body.data).toHaveLength(1);
  });

  it('is one of at most 50 of a person about a call, and stores in a few bytes what it was asked about', async () => {
    says(['On Thursday.', 2, 'We ship version four on Thursday.']);
    const { id } = (await api('POST', '', { question: 'When?', model: MODEL })).body;
    const lines = async () =>
      (await ownerSql('select lines from call_questions where id = $1', [id]))[0]!.lines;
    expect(await lines()).toEqual([{ kind: 'speech', from: 0, step: 10, count: 3 }]);
    const state = async () => {
      await app.drain();
      return (await ownerSql('select state from call_questions where id = $1', [id]))[0]!.state;
    };
    await expect.poll(state, { interval: 20, timeout: 20_000 }).toBe('answered');
    expect(await lines()).toEqual([]);
    for (let at = 0; at < 49; at++) await insertQuestion(app, ann, held);
    const body = { question: 'When?', model: MODEL };
    expect((await api('POST', '', body)).body.code).toBe('call_questions.too_many');
    expect((await api('POST', '', body, ben)).status).toBe(202);
  });

  it('shows to its asker alone, and takes somebody who was in the call', async () => {
    says(['On Thursday.', 2, 'We ship version four on Thursday.']);
    const { id } = await ask({}, ben);
    expect((await api('GET', `/${id}`)).body.code).toBe('call_questions.not_found');
    expect((await api('GET')).body.data).toEqual([]);
    const member = await app.person({ role: 'member', organizationId: ann.organizationId, plan: 'pro' });
    const body = { question: 'When?', model: MODEL };
    expect((await api('POST', '', body, member)).body.code).toBe('call_questions.not_there');
    const outsider = await app.person({ plan: 'pro' });
    expect((await api('POST', '', body, outsider)).body.code).toBe('call_questions.call_not_found');
    const guest = await app.person({ role: 'guest', organizationId: ann.organizationId });
    expect((await api('POST', '', body, guest)).status).toBe(403);
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, user_id, removed_at, changed_by, updated_at)
       values ($1, $2, $3, $3, now(), $3, now())`,
      [ann.organizationId, held.roomId, ben.userId],
    );
    expect((await api('GET', `/${id}`, undefined, ben)).status).toBe(403);
  });

  it('is posted into the chat when its asker wants that, unless they are removed while it is answered', async () => {
    says(['On Thursday.', 2, 'We ship version four on Thursday.']);
    await ask({ post: true }, ben);
    const posts = () => app.liveRooms.appliedCommands.filter(({ command }) => command.type === 'chat.post');
    expect(posts()).toMatchObject([
      {
        roomId: held.roomId,
        command: { text: 'When do we ship?\n- On Thursday.', identity: 'agt_~answers' },
      },
    ]);
    let release = () => {};
    standIn.gate = new Promise((resolve) => (release = resolve));
    const statements = {
      statements: [{ text: 'Yes.', quotes: [{ line: 2, quote: 'We ship version four' }] }],
    };
    const text = JSON.stringify(statements);
    standIn.next.push({
      answer: { pieces: [text.slice(0, 9), text.slice(9)], usage: { input_tokens: 9, output_tokens: 9 } },
    });
    const pending = ask({ post: true }, ben).catch(() => undefined);
    await expect.poll(() => standIn.requests.length, { interval: 20 }).toBe(2);
    await ownerSql("update members set status = 'suspended' where user_id = $1", [ben.userId]);
    release();
    standIn.gate = undefined;
    await pending;
    expect(posts()).toHaveLength(1);
  });

  it.each(['hide', 'reject'])(
    'is not posted where a rule of the chat finds words in question or answer: %s',
    async (action) => {
      const body = { rules: [{ name: 'Insults', words: ['blockhead', 'thursday'], action }] };
      const set = await app.send('PUT', '/api/v1/moderation/policy', { token: ann.token, body });
      expect(set).toMatchObject({ status: 200 });
      const posts = () => app.liveRooms.appliedCommands.filter(({ command }) => command.type === 'chat.post');
      for (const [question, text] of [
        ['Blockhead, when?', 'In this week.'],
        ['When?', 'On Thursday.'],
        ['When?', 'In this week.'],
      ] as const) {
        expect(posts()).toEqual([]);
        says([text, 2, 'We ship version four']);
        expect(await ask({ question, post: true }, ben)).toMatchObject({ state: 'answered' });
      }
      expect(posts()).toHaveLength(1);
    },
  );

  it('fails with the reason when the answer cannot be read or is lost', async () => {
    standIn.next.push({ answer: { pieces: ['no'], usage: { input_tokens: 9, output_tokens: 9 } } });
    const { id } = await ask();
    expect((await api('GET', `/${id}`)).body.reason).toBe('answer_not_readable');
    await ownerSql(
      "update call_questions set state = 'running', reason = null, ended_at = null, generation_id = null where id = $1",
      [id],
    );
    app.clock.advanceSeconds(13 * 60);
    await sweepQuestions(app.services);
    ann = await withFreshToken(app, ann);
    expect((await api('GET', `/${id}`)).body.reason).toBe('answer_gone');
  });
});
