import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { AGENTS, createAgent, definition } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { AGENTS_SECRET, asProcess } from '../../support/call-agents.ts';
import { createCalls } from '../../support/calls.ts';

const PNG = Buffer.from('a picture').toString('base64');
const SEES = { seesScreens: true };
const SHARER = 'gst_01jd3v7q8gf4kr2x6a0w9mznpe';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let roomId: string;
let agentId: string;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn({ AGENTS_SECRET }));
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  await ownerSql('delete from call_agents', []);
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  const body = { name: 'Room' };
  roomId = (await app.send('POST', '/api/v1/rooms', { token: owner.token, body })).body.id;
  await createCalls(app, [
    {
      organizationId: owner.organizationId,
      roomId,
      participants: [{ identity: SHARER, name: 'Ben', role: 'participant' }],
    },
  ]);
});

const poll = async (holding: string[] = []) =>
  (
    await app.send('POST', '/agents/poll', {
      headers: asProcess,
      body: { worker: 'one', capacity: 4, holding },
    })
  ).body;

/** An agent in the call, which a process has. */
async function invite(version: object) {
  agentId = await createAgent(app, owner, { version });
  const { body } = await app.send('POST', `/api/v1/rooms/${roomId}/agents`, {
    token: owner.token,
    body: { agentId },
  });
  return { ...body, polled: await poll() };
}

const publish = (version: object) =>
  app.send('POST', `${AGENTS}/${agentId}/versions`, {
    token: owner.token,
    body: { definition: definition(version) },
  });

/** Asks about a screen, unless there is none. @returns what the model got: the parts of the question, and the instructions */
async function ask(callAgentId: string, screen: object | null = { identity: SHARER, png: PNG }) {
  const answer = await app.send('POST', '/agents/answers', {
    headers: asProcess,
    body: {
      worker: 'one',
      callAgentId,
      speaker: 'Ada',
      text: 'What is this?',
      ...(screen ? { screen } : {}),
    },
  });
  expect(parseEvents(answer.body).at(-1)).toMatchObject({ event: 'ended' });
  await app.drain();
  const { body } = standIn.requests.at(-1)!;
  return { content: body.messages.at(-1).content, system: body.system[0].text as string, body };
}

const IMAGE = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: PNG },
};
const QUESTION = { type: 'text', text: 'Ada: What is this?' };

describe('an agent that sees shared screens', () => {
  it('says so in its name, and by an attribute of its participant', async () => {
    const { name, seesScreens, id, polled } = await invite(SEES);
    expect([name, seesScreens]).toEqual(['Help (AI agent, sees shared screens)', true]);
    expect(polled).toMatchObject({ start: [{ callAgentId: id, name }], sees: [id] });
    const claims = JSON.parse(Buffer.from(polled.start[0].token.split('.')[1], 'base64url').toString());
    expect(claims.attributes).toMatchObject({ seesScreens: 'true' });
  });

  it('is asked with a picture, which is neither stored nor sent again', async () => {
    const { id, conversationId } = await invite(SEES);
    const first = await ask(id);
    expect(first.content).toEqual([IMAGE, QUESTION]);
    expect(first.system).toContain('the screen that Ben shared');
    const second = await ask(id, null);
    expect(second.content).toEqual([QUESTION]);
    expect(second.system).toContain('You see no shared screen at the moment');
    expect(JSON.stringify(second.body)).not.toContain(PNG);
    expect(second.body.messages[0].content).toMatchObject([
      { text: 'Ada: What is this?\n(With a picture of the screen that Ben shared.)' },
    ]);
    const [row] = await ownerSql<{ count: number }>(
      'select count(*)::int from agent_messages where conversation_id = $1 and to_jsonb(agent_messages)::text like $2',
      [conversationId, `%${PNG}%`],
    );
    expect(row).toEqual({ count: 0 });
  });

  it.each([
    [
      'was removed from the room',
      'insert into room_people (organization_id, room_id, identity, removed_at, changed_by, updated_at) select organization_id, id, $2, now(), $2, now() from rooms where id = $1',
    ],
    [
      'has left the call',
      "update call_participants set status = 'left' where identity = $2 and call_id = (select id from calls where room_id = $1)",
    ],
  ])('sees no screen of a person who %s', async (_what, statement) => {
    const { id } = await invite(SEES);
    await ownerSql(statement, [roomId, SHARER]);
    const { content, system } = await ask(id);
    expect(content).toEqual([QUESTION]);
    expect(system).toContain('You see no shared screen at the moment');
  });

  it('sees none as soon as its published version does not allow it, and says that it sees none', async () => {
    const { id } = await invite(SEES);
    await publish({});
    expect((await poll([id])).sees).toEqual([]);
    const { content, system } = await ask(id);
    expect(content).toEqual([QUESTION]);
    expect(system).toContain('You see neither the people in this call nor their screens');
    await publish(SEES);
    expect((await poll([id])).sees).toEqual([id]);
  });

  it('sees none with a model that takes no images, whatever the models after it can do', async () => {
    const { id } = await invite({
      ...SEES,
      model: '@cf/zai-org/glm-5.2',
      fallbackModels: ['claude-haiku-4-5'],
    });
    const { content, system } = await ask(id);
    expect(content).toEqual([QUESTION]);
    expect(system).toContain('You see neither the people in this call nor their screens');
  });

  it('is asked with a picture although a model after its first one takes none', async () => {
    const { id } = await invite({ ...SEES, fallbackModels: ['@cf/zai-org/glm-5.2'] });
    expect((await ask(id)).content).toEqual([IMAGE, QUESTION]);
  });
});

describe('an agent that came without seeing screens', () => {
  it('sees none in this call, even when a version that does is published', async () => {
    const { id, name, seesScreens, polled } = await invite({});
    expect([name, seesScreens, polled.sees]).toEqual(['Help (AI agent)', false, []]);
    await publish(SEES);
    expect((await poll([id])).sees).toEqual([]);
    const { content, system } = await ask(id);
    expect(content).toEqual([QUESTION]);
    expect(system).toContain('You see neither the people in this call nor their screens');
  });
});
