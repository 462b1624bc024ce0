import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { AGENTS, CONVERSATIONS, createAgent, createConversation } from '../../support/agents.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { beforeNextCommit } from '../../support/before-commit.ts';
import { listTexts, MEMORIES, storeTexts, switchMemory } from '../../support/memories.ts';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let member: Person;
let agentId: string;
let conversationId: string;
/** What the owner has asked. */
let messageId: string;

beforeAll(async () => {
  const memoryEmbeddings = embeddingsOf(new EmbeddingsStandIn());
  ({ app, standIn } = await createAppWithStandIn({}, { memoryEmbeddings }));
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  member = await app.person({ role: 'member', organizationId: owner.organizationId, plan: 'pro' });
  for (const person of [owner, member]) await switchMemory(app, person, true);
  agentId = await createAgent(app, owner, { version: { tools: [{ name: 'store_memories' }] } });
  conversationId = await createConversation(app, owner, agentId);
  const path = `${CONVERSATIONS}/${conversationId}/messages`;
  const { body } = await app.send('POST', path, {
    token: owner.token,
    body: { text: 'We ship on Fridays.' },
  });
  messageId = body.question.id;
  await app.drain();
});

const send = (
  { token }: Person,
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => app.send(method, path, { token, ...(body ? { body } : {}), ...(headers ? { headers } : {}) });
const cite = () => ({ source: { kind: 'agent_message', ids: [messageId] } });
const store = (person: Person, body: object, content = 'Shipping is on Fridays.') =>
  send(person, 'POST', MEMORIES, { ...body, ...cite(), memories: [{ content }] });
const setShared = (shared: boolean) =>
  send(owner, 'PATCH', `${CONVERSATIONS}/${conversationId}`, { shared }, { 'if-match': '*' });
const removeConversation = () =>
  send(owner, 'DELETE', `${CONVERSATIONS}/${conversationId}`, undefined, { 'if-match': '*' });
const ofPerson = { scope: 'person' };
const count = async () => {
  const tables = ['memories', 'memory_sources', 'memory_chunks', 'memory_vectors'];
  const counts = tables.map(
    (table) => `(select count(*)::int from ${table} where organization_id = $1) as ${table}`,
  );
  const [row] = await ownerSql<Record<string, number>>(`select ${counts.join(', ')}`, [owner.organizationId]);
  return Object.values(row!);
};

describe('what was said in a conversation with an agent', () => {
  it('is cited by its owner alone, for themselves', async () => {
    const stored = await store(owner, ofPerson);
    expect(stored).toMatchObject({
      status: 201,
      body: { data: [{ sources: [{ kind: 'agent_message', id: messageId }] }] },
    });
    for (const wider of [{ scope: 'agent', agentId }, { scope: 'organization' }])
      expect(await store(owner, wider)).toMatchObject({
        status: 422,
        body: { code: 'memories.wider_audience' },
      });
    expect(await store(member, ofPerson)).toMatchObject({
      status: 404,
      body: { code: 'memories.source_not_found' },
    });
    const foreigner = await app.person({ plan: 'pro' });
    await switchMemory(app, foreigner, true);
    expect(await store(foreigner, ofPerson)).toMatchObject({ status: 404 });
  });

  it('is cited by those who read the conversation while it is shared, for themselves and for its agent', async () => {
    expect(await setShared(true)).toMatchObject({ status: 200 });
    const other = await createAgent(app, owner);
    expect(await store(member, ofPerson)).toMatchObject({ status: 201 });
    expect(await store(member, { scope: 'agent', agentId })).toMatchObject({ status: 201 });
    for (const wider of [{ scope: 'agent', agentId: other }, { scope: 'organization' }])
      expect(await store(owner, wider)).toMatchObject({
        status: 422,
        body: { code: 'memories.wider_audience' },
      });
  });

  it('supports memories of others only as long as it is shared, in the same commit', async () => {
    await setShared(true);
    await store(owner, ofPerson);
    await store(member, ofPerson);
    await store(member, { scope: 'agent', agentId });
    await setShared(false);
    expect(await listTexts(app, owner)).toEqual(['Shipping is on Fridays.']);
    expect(await listTexts(app, member)).toEqual([]);
    expect((await count())[0]).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['its owner deletes it', removeConversation],
    [
      'its agent is deleted',
      () => send(owner, 'DELETE', `${AGENTS}/${agentId}`, undefined, { 'if-match': '*' }),
    ],
    ['its owner leaves', () => ownerSql('delete from members where user_id = $1', [owner.userId])],
  ])(
    'is forgotten in the same commit when %s, with what was derived and the vectors',
    async (_what, happen) => {
      await setShared(true);
      const { body } = await store(member, ofPerson);
      await storeTexts(app, member, ['Fridays are busy.'], {
        ...ofPerson,
        source: { kind: 'memory', ids: [body.data[0].id] },
      });
      await app.drain();
      expect(await count()).toEqual([2, 2, 2, 2]);
      await happen();
      expect(await count()).toEqual([0, 0, 0, 0]);
    },
  );

  it.each<[string, () => Promise<unknown>]>([
    ['it is deleted', removeConversation],
    ['it is not shared any more', () => setShared(false)],
  ])('is not stored when %s meanwhile', async (_what, happen) => {
    await setShared(true);
    beforeNextCommit(app, member, happen);
    expect(await store(member, ofPerson)).toMatchObject({
      status: 404,
      body: { code: 'memories.source_not_found' },
    });
    expect(await count()).toEqual([0, 0, 0, 0]);
  });

  it('is known to the agent by its id, if it may store memories', async () => {
    const { system } = standIn.requests.at(-1)!.body;
    expect(system[0].text).toContain(`Your id is ${agentId}`);
    expect(system[0].text).toContain(`The id of the question is ${messageId}`);
    const plain = await createConversation(app, owner, await createAgent(app, owner));
    await send(owner, 'POST', `${CONVERSATIONS}/${plain}/messages`, { text: 'Hello?' });
    expect(standIn.requests.at(-1)!.body.system[0].text).not.toContain('Your id');
  });
});
