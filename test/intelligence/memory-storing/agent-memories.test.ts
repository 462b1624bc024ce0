import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, CONVERSATIONS, createAgent, createConversation, definition } from '../../support/agents.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { beforeNextCommit } from '../../support/before-commit.ts';
import { listTexts, MEMORIES, recallTexts, storeTexts, switchMemory } from '../../support/memories.ts';
import { finishRun, startRun, TEAMS } from '../../support/teams.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
/** The member who has created the agent. */
let author: Person;
let member: Person;
let agentId: string;

beforeAll(async () => {
  const memoryEmbeddings = embeddingsOf(new EmbeddingsStandIn());
  ({ app, standIn } = await createAppWithStandIn({}, { memoryEmbeddings }));
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
  const { organizationId } = owner;
  author = await app.person({ role: 'member', organizationId, plan: 'pro' });
  member = await app.person({ role: 'member', organizationId, plan: 'pro' });
  agentId = await createAgent(app, author, { version: { memoryScopes: ['agent'] } });
});

const store = ({ token }: Person, body: object, content = 'We ship on Thursdays.') =>
  app.send('POST', MEMORIES, { token, body: { ...body, memories: [{ content }] } });
const ofAgent = (id = agentId) => ({ scope: 'agent', agentId: id });
const send = ({ token }: Person, method: string, path: string, body?: object) =>
  app.send(method, path, { token, ...(body ? { body } : {}) });
const narrow = (audience: string) => send(author, 'PATCH', `${AGENTS}/${agentId}`, { audience });
const deriveFrom = (id: string) => ({ source: { kind: 'memory', ids: [id] } });

describe('a memory of an agent', () => {
  it('shows to those to whom the agent does, and is stored by them', async () => {
    const [memory] = await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
    expect(memory).toMatchObject({ scope: 'agent', agentId, roomId: null });
    expect(await listTexts(app, author, `&agentId=${agentId}`)).toEqual(['We ship on Thursdays.']);
    expect(await recallTexts(app, owner, 'ship', { scopes: ['agent'], agentId })).toHaveLength(1);
    const guest = await app.person({ role: 'guest', organizationId: owner.organizationId, plan: 'pro' });
    const foreigner = await app.person();
    for (const other of [guest, foreigner]) {
      expect(await send(other, 'GET', `${MEMORIES}/${memory!.id}`)).toMatchObject({ status: 404 });
      expect(await recallTexts(app, other, 'ship')).toEqual([]);
    }
    expect(await store(foreigner, ofAgent())).toMatchObject({
      status: 404,
      body: { code: 'agents.not_found' },
    });
    expect(await narrow('managers')).toMatchObject({ status: 200 });
    expect(await listTexts(app, member)).toEqual([]);
    expect(await recallTexts(app, member, 'ship')).toEqual([]);
    expect(await listTexts(app, author)).toHaveLength(1);
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'its author',
      () => Promise.resolve(author.userId),
      `update members set status = 'suspended' where user_id = $1`,
    ],
    [
      'an administrator',
      () => Promise.resolve(owner.userId),
      `update members set status = 'suspended' where user_id = $1`,
    ],
    [
      'a key that manages agents',
      async () => {
        const body = { name: 'Program', scopes: ['admin'] };
        return (await send(owner, 'POST', '/api/v1/api-keys', body)).body.id;
      },
      'update api_keys set revoked_at = now() where id = $1',
    ],
  ])(
    'for managers is hidden by the policy alone from %s that is suspended or revoked',
    async (_who, of, end) => {
      await narrow('managers');
      await storeTexts(app, owner, ['We ship on Thursdays.'], ofAgent());
      const { organizationId } = owner;
      const userId = await of();
      const read = async () => {
        const scope = { role: 'app', organizationId, userId } as const;
        const [{ rows }] = await app.services.database.read(scope, (q) => [
          q.execute(sql`select id from memory_chunks`),
        ]);
        return rows.length;
      };
      expect(await read()).toBe(1);
      await ownerSql(end, [userId]);
      expect(await read()).toBe(0);
    },
  );

  it('is corrected and deleted by its author, by those who change the agent, and by those who manage memories', async () => {
    const other = await app.person({ role: 'member', organizationId: owner.organizationId, plan: 'pro' });
    for (const changing of [member, author, owner]) {
      const [memory] = await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
      const path = `${MEMORIES}/${memory!.id}`;
      expect(await send(other, 'PATCH', path, { content: 'Never.' })).toMatchObject({ status: 403 });
      expect(await send(changing, 'PATCH', path, { content: 'On Fridays.' })).toMatchObject({ status: 200 });
      expect(await send(other, 'DELETE', path)).toMatchObject({ status: 403 });
      expect(await send(changing, 'DELETE', path)).toMatchObject({ status: 204 });
    }
  });

  it('goes with the agent, with what was derived from it in other scopes, and with the vectors', async () => {
    await switchMemory(app, member, true);
    const [memory] = await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
    const derived = await store(member, { scope: 'person', ...deriveFrom(memory!.id) }, 'Thursday is busy.');
    expect(derived).toMatchObject({ status: 201 });
    await app.drain();
    const count = async () => {
      const tables = ['memories', 'memory_chunks', 'memory_vectors'];
      const counts = tables.map(
        (table) => `(select count(*)::int from ${table} where organization_id = $1) as ${table}`,
      );
      const [row] = await ownerSql(`select ${counts.join(', ')}`, [owner.organizationId]);
      return row;
    };
    expect(await count()).toEqual({ memories: 2, memory_chunks: 2, memory_vectors: 2 });
    expect(await send(author, 'DELETE', `${AGENTS}/${agentId}`)).toMatchObject({ status: 204 });
    expect(await count()).toEqual({ memories: 0, memory_chunks: 0, memory_vectors: 0 });
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ['the agent is deleted', () => send(author, 'DELETE', `${AGENTS}/${agentId}`), { status: 404 }],
    [
      'the agent is kept for managers',
      () => narrow('managers'),
      { status: 404, body: { code: 'agents.not_found' } },
    ],
    [
      'the person is removed',
      () => ownerSql('delete from members where user_id = $1', [member.userId]),
      { status: 401 },
    ],
  ])('is not stored when %s meanwhile', async (_what, happen, refused) => {
    beforeNextCommit(app, member, happen);
    expect(await store(member, ofAgent())).toMatchObject(refused);
    const stored = await ownerSql('select id from memories where organization_id = $1', [
      owner.organizationId,
    ]);
    expect(stored).toEqual([]);
  });

  it('is read and deleted, and not stored, when the organization has no agents any more', async () => {
    const [memory] = await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
    const grants = `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`;
    const body = { kind: 'feature', name: 'agents', value: 0, reason: 'Lowered' };
    expect(await app.send('POST', grants, { token: app.operator, body })).toMatchObject({ status: 201 });
    expect(await store(member, ofAgent(), 'More.')).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    expect(await listTexts(app, member)).toEqual(['We ship on Thursdays.']);
    expect(await send(member, 'DELETE', `${MEMORIES}/${memory!.id}`)).toMatchObject({ status: 204 });
  });

  it('is not corrected by somebody to whom the agent does not show any more', async () => {
    const [memory] = await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
    beforeNextCommit(app, member, () => narrow('managers'));
    const changed = await send(member, 'PATCH', `${MEMORIES}/${memory!.id}`, { content: 'Never.' });
    expect(changed.status).toBeGreaterThanOrEqual(400);
    expect(await listTexts(app, author)).toEqual(['We ship on Thursdays.']);
  });

  it('is derived for no other agent and not for the organization, and nothing of a room for an agent', async () => {
    const room = await send(owner, 'POST', '/api/v1/rooms', { name: 'Room' });
    const [ofRoom] = await storeTexts(app, owner, ['Of the room'], { scope: 'room', roomId: room.body.id });
    const [ofOne] = await storeTexts(app, owner, ['Of the agent'], ofAgent());
    const other = ofAgent(await createAgent(app, owner));
    await switchMemory(app, owner, true);
    for (const [owned, id] of [
      [other, ofOne!.id],
      [{ scope: 'organization' }, ofOne!.id],
      [ofAgent(), ofRoom!.id],
    ] as const)
      expect(await store(owner, { ...owned, ...deriveFrom(id) })).toMatchObject({
        status: 422,
        body: { code: 'memories.wider_audience' },
      });
    expect(await store(owner, { scope: 'person', ...deriveFrom(ofOne!.id) })).toMatchObject({ status: 201 });
    const ofAll = (await storeTexts(app, owner, ['Of all']))[0]!.id;
    expect(await store(owner, { ...ofAgent(), ...deriveFrom(ofAll) })).toMatchObject({ status: 201 });
  });
});

describe('an agent is given its own memories, and those of no other agent', () => {
  beforeEach(async () => {
    await storeTexts(app, member, ['We ship on Thursdays.'], ofAgent());
    const other = await createAgent(app, author);
    await storeTexts(app, member, ['We ship whales.'], ofAgent(other));
  });
  const usage = { input_tokens: 12, output_tokens: 9 };
  const asked = (): string => standIn.requests.at(-1)!.body.system[0].text;

  it('in a conversation', async () => {
    const conversationId = await createConversation(app, owner, agentId);
    standIn.next.push({ answer: { pieces: ['On Thursdays [1].'], usage } });
    const answer = await send(owner, 'POST', `${CONVERSATIONS}/${conversationId}/messages`, {
      text: 'When do we ship?',
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { answer: { sources: [{ number: 1, cited: true }] } },
    });
    expect(asked()).toContain('[1] We ship on Thursdays.');
    expect(asked()).not.toContain('whales');
  });

  it('in the run of a team', async () => {
    const second = await createAgent(app, author, { version: definition({ memoryScopes: [] }) });
    const members = [agentId, second].map((id, at) => ({ agentId: id, role: `Role ${at}` }));
    const team = await send(owner, 'POST', TEAMS, { name: 'Team', mode: 'sequential', members });
    standIn.next.push({ answer: { pieces: ['A plan.'], usage } }, { answer: { pieces: ['Done.'], usage } });
    await finishRun(app, owner, await startRun(app, owner, team.body.id, 'Plan when we ship.'));
    const systems = standIn.requests.map(({ body }) => body.system[0].text);
    expect(systems[0]).toContain('- We ship on Thursdays.');
    expect(systems.join()).not.toContain('whales');
    expect(systems[1]).not.toContain('<notes>');
  });
});
