import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { AGENTS, CONVERSATIONS, createAgent, createConversation, definition } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import { MEMORIES, storeTexts, switchMemory } from '../../support/memories.ts';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let person: Person;
let colleague: Person;
let agentId: string;
let conversationId: string;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  const { organizationId } = owner;
  person = await app.person({ organizationId, role: 'member', plan: 'pro' });
  colleague = await app.person({ organizationId, role: 'member', plan: 'pro' });
  agentId = await createAgent(app, owner, { version: { memoryScopes: ['person', 'organization'] } });
  conversationId = await createConversation(app, person, agentId);
});

const say = (text: string, { token } = person, fields: object = {}, headers: Record<string, string> = {}) =>
  app.send('POST', `${CONVERSATIONS}/${conversationId}/messages`, {
    token,
    body: { text, ...fields },
    headers,
  });
const usage = { input_tokens: 12, output_tokens: 9 };
const answerNext = (...pieces: string[]) => standIn.next.push({ answer: { pieces, usage } });
const messages = async ({ token } = person) =>
  (await app.send('GET', `${CONVERSATIONS}/${conversationId}/messages`, { token })).body.data;
const asked = () => standIn.requests.at(-1)!.body;

describe('a conversation', () => {
  it('gives the agent what was said before, with its instructions', async () => {
    answerNext('Blue.');
    expect(await say('Which colour?')).toMatchObject({
      status: 200,
      body: {
        question: { text: 'Which colour?' },
        answer: { state: 'complete', text: 'Blue.', agentVersion: 1 },
      },
    });
    answerNext('Because of the sky.');
    await say('Why?');
    expect(asked().system[0].text).toBe('You answer briefly.');
    const texts = asked().messages.map(({ role, content }: { role: string; content: { text: string }[] }) => [
      role,
      content[0]!.text,
    ]);
    expect(texts).toEqual([
      ['user', 'Which colour?'],
      ['assistant', 'Blue.'],
      ['user', 'Why?'],
    ]);
    await app.drain();
    expect((await messages()).map(({ text }: { text: string }) => text)).toEqual([
      'Because of the sky.',
      'Why?',
      'Blue.',
      'Which colour?',
    ]);
  });

  it('streams an answer, whose events can be resumed, and stores it when it has ended', async () => {
    answerNext('One', ' two');
    const streamed = await say('Count.', person, { stream: true });
    expect(streamed.status).toBe(201);
    const events = parseEvents(streamed.body);
    const said = events.filter(({ event }) => event === 'text').map(({ data }) => data.text);
    expect(said.join('')).toBe('One two');
    const rest = await app.send('GET', `${streamed.headers.get('location')}/events?after=${events[1]!.id}`, {
      token: person.token,
    });
    expect(parseEvents(rest.body)[0]!.id).toBe(events[1]!.id + 1);
    // Its generation is stored beside the stream.
    await expect
      .poll(async () => (await app.drain(), (await messages())[0]))
      .toMatchObject({ state: 'complete', text: 'One two' });
  });

  it('is answered once when its question is repeated with the same key', async () => {
    const headers = { 'idempotency-key': 'once-1234567890' };
    await say('Once?', person, {}, headers);
    expect(await say('Once?', person, {}, headers)).toMatchObject({ status: 202 });
    expect(standIn.requests).toHaveLength(1);
    await app.drain();
    expect(await messages()).toHaveLength(2);
  });

  it('keeps what came of an answer that was cut, and continues', async () => {
    standIn.next.push({
      answer: { pieces: ['Half', ' of', ' it'], usage },
      fault: { kind: 'cut', after: 2 },
    });
    expect(await say('All of it?')).toMatchObject({ status: 502 });
    await app.drain();
    expect((await messages())[0]).toMatchObject({ state: 'failed', failure: 'cut', text: 'Half of' });
    expect(await say('And now?')).toMatchObject({ status: 200 });
  });

  it('takes one question at a time', async () => {
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const first = say('First?');
    await expect.poll(() => standIn.open).toBe(1);
    expect(await say('Second?')).toMatchObject({
      status: 409,
      body: { code: 'agent_conversations.answering' },
    });
    standIn.gate = undefined;
    open();
    expect(await first).toMatchObject({ status: 200 });
    expect(standIn.requests).toHaveLength(1);
  });

  it('is answered by the version that is active then', async () => {
    await app.send('POST', `${AGENTS}/${agentId}/versions`, {
      token: owner.token,
      body: { definition: definition({ instructions: 'You answer at length.' }) },
    });
    expect(await say('Hello?')).toMatchObject({ body: { answer: { agentVersion: 2 } } });
    expect(asked().system[0].text).toBe('You answer at length.');
  });

  it('is refused while its agent is switched off, or no longer for its owner', async () => {
    const set = (body: object) => app.send('PATCH', `${AGENTS}/${agentId}`, { token: owner.token, body });
    await set({ enabled: false });
    expect(await say('Hello?')).toMatchObject({ status: 409, body: { code: 'agents.switched_off' } });
    await set({ enabled: true, audience: 'managers' });
    expect(await say('Hello?')).toMatchObject({ status: 404, body: { code: 'agents.not_found' } });
    expect(standIn.requests).toEqual([]);
  });

  it('is refused, and keeps nothing, when the budget does not cover it', async () => {
    await app.send('PUT', '/api/v1/ai/budget', {
      token: owner.token,
      body: { limitMicros: 1, period: 'month' },
    });
    const { status } = await say('Hello?');
    expect([402, 409]).toContain(status);
    expect(standIn.requests).toEqual([]);
  });
});

describe('memories', () => {
  it('that show to the person are given by number, and cited are those that the answer names', async () => {
    const [first] = await storeTexts(app, owner, ['The weekly review is on Monday.']);
    await switchMemory(app, person, true);
    await storeTexts(app, person, ['My weekly review notes are in the blue folder.'], { scope: 'person' });
    answerNext('On Monday [1].');
    const { body } = await say('When is the weekly review?');
    const { sources } = body.answer;
    expect(sources).toHaveLength(2);
    expect(sources[0].cited).toBe(true);
    expect(sources[1].cited).toBe(false);
    expect(sources.map(({ memoryId }: { memoryId: string }) => memoryId)).toContain(first!.id);
    expect(asked().system[0].text).toContain('The weekly review is on Monday.');
  });

  it('of others are never given', async () => {
    await switchMemory(app, colleague, true);
    await storeTexts(app, colleague, ['The weekly review is a secret.'], { scope: 'person' });
    const { body } = await say('When is the weekly review?');
    expect(body.answer.sources).toEqual([]);
    expect(asked().system[0].text).toBe('You answer briefly.');
  });

  it('that are forgotten leave nothing but an id', async () => {
    const [memory] = await storeTexts(app, owner, ['The weekly review is on Monday.']);
    await say('When is the weekly review?');
    await app.send('DELETE', `${MEMORIES}/${memory!.id}`, { token: owner.token });
    const rows = await ownerSql('select m::text as row from agent_messages m where conversation_id = $1', [
      conversationId,
    ]);
    expect(JSON.stringify(rows)).not.toContain('Monday');
  });
});

describe('what somebody and an agent say', () => {
  it('shows to no other, also not to the owner of the organization, until it is shared', async () => {
    await say('A secret.');
    const path = `${CONVERSATIONS}/${conversationId}`;
    const statuses = async ({ token }: Person) => [
      (await app.send('GET', path, { token })).status,
      (await app.send('GET', `${path}/messages`, { token })).status,
      (await app.send('POST', `${path}/messages`, { token, body: { text: 'Hi' } })).status,
      (await app.send('DELETE', path, { token })).status,
    ];
    expect(await statuses(owner)).toEqual([404, 404, 404, 404]);
    await app.send('PATCH', path, { token: person.token, body: { shared: true } });
    expect(await statuses(colleague)).toEqual([200, 200, 404, 403]);
    await app.send('PATCH', path, { token: person.token, body: { shared: false } });
    expect(await statuses(colleague)).toEqual([404, 404, 404, 404]);
  });

  it('is hidden by the database from whatever query forgets whose it is', async () => {
    await say('A secret.');
    const { organizationId } = owner;
    const read = async (userId: string) => {
      const { services } = app;
      const { sql } = await import('drizzle-orm');
      const [rows] = await services.database.read({ role: 'app', organizationId, userId }, (q) => [
        q.execute(sql`select text from agent_messages`),
      ]);
      return (rows as { rows: unknown[] }).rows.length;
    };
    expect([await read(person.userId), await read(owner.userId)]).toEqual([2, 0]);
  });

  it('is erased with the account of the person', async () => {
    await say('A secret.');
    await app.drain();
    await ownerSql('delete from users where id = $1', [person.userId]);
    const left = await ownerSql('select id from agent_messages where conversation_id = $1', [conversationId]);
    expect(left).toEqual([]);
  });

  it('is deleted while it is answered, and the answer ends', async () => {
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = say('Long?');
    await expect.poll(() => standIn.open).toBe(1);
    const path = `${CONVERSATIONS}/${conversationId}`;
    expect(await app.send('DELETE', path, { token: person.token })).toMatchObject({ status: 204 });
    expect(await pending).toMatchObject({ status: 409, body: { code: 'ai.cancelled' } });
    standIn.gate = undefined;
    open();
    await app.drain();
    expect(
      await ownerSql('select id from agent_messages where conversation_id = $1', [conversationId]),
    ).toEqual([]);
  });
});
