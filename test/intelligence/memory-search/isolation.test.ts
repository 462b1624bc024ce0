import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryReaderOf } from '../../../src/intelligence/memory/memory.rules.ts';
import { selectMemories } from '../../../src/intelligence/memory/memory.queries.ts';
import { selectRecalled } from '../../../src/intelligence/memory-search/memory-search.queries.ts';
import { toUnitVector } from '../../../src/intelligence/memory-search/memory-search.rules.ts';
import { MEMORY_SCOPES, type MemoryScope } from '../../../src/intelligence/memory-scopes/index.ts';
import { systemScopeOf } from '../../../src/kernel/context/index.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import { createAgent } from '../../support/agents.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { listTexts, MEMORIES, recall, switchMemory } from '../../support/memories.ts';
import { randomFrom } from '../../support/random.ts';

const SEED = 20_261_129;
const STEPS = 120;
const WORDS = ['tea', 'review', 'budget', 'monday', 'launch', 'salary'];
const TABLES = ['memories', 'memory_sources', 'memory_versions', 'memory_chunks', 'memory_vectors'];

/** What the test knows of a memory: the user who stored it, and to whom it shows. */
interface Expected {
  id: string;
  organizationId: string;
  scope: MemoryScope;
  author: Person;
  content: string;
  /** To all members, or to these. */
  people: string[] | 'all';
}

let app: TestApp;
const model = new EmbeddingsStandIn();
const random = randomFrom(SEED);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const people: Person[] = [];
/** For each organization an open room, and a direct room of its first two people. */
const rooms: { id: string; organizationId: string; people: string[] | 'all' }[] = [];
/** For each organization an agent for everybody, and one that its owner keeps for managers. */
const agents: { id: string; organizationId: string; people: string[] | 'all' }[] = [];
const memories = new Map<string, Expected>();

const send = ({ token }: Person, method: string, path: string, body?: object) =>
  app.send(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) });

async function addOrganization(): Promise<void> {
  const owner = await app.person();
  const { organizationId } = owner;
  const members = [
    await app.person({ role: 'member', organizationId }),
    await app.person({ role: 'member', organizationId }),
    await app.person({ role: 'member', organizationId }),
  ];
  const room = await send(owner, 'POST', '/rooms', { name: 'Room' });
  rooms.push({ id: room.body.id, organizationId, people: 'all' });
  const ring = await send(members[0]!, 'POST', '/rings', { to: members[1]!.userId });
  expect(ring).toMatchObject({ status: 201 });
  // Administrators see private rooms, too.
  const pair = [owner.userId, members[0]!.userId, members[1]!.userId];
  rooms.push({ id: ring.body.roomId, organizationId, people: pair });
  const forAll = await createAgent(app, members[0]!);
  agents.push({ id: forAll, organizationId, people: 'all' });
  const forManagers = await createAgent(app, owner, { fields: { audience: 'managers' } });
  agents.push({ id: forManagers, organizationId, people: [owner.userId] });
  for (const person of [owner, ...members]) {
    people.push(person);
    await switchMemory(app, person, true);
  }
}

/** Stores a text that others may store, too, in a scope that the person may store in. */
async function storeSomething(): Promise<void> {
  const author = pick(people);
  const { organizationId, userId } = author;
  const scope = author.role === 'owner' ? pick(MEMORY_SCOPES) : pick(['person', 'agent', 'room'] as const);
  const room = pick(rooms.filter((each) => each.organizationId === organizationId));
  const agent = pick(agents.filter((each) => each.organizationId === organizationId));
  if (scope === 'room' && room.people !== 'all' && !room.people.includes(userId)) return;
  const content = `${pick(WORDS)} ${pick(WORDS)} ${Math.floor(random() * 20)}`;
  const where = { room: { roomId: room.id }, agent: { agentId: agent.id }, person: {}, organization: {} };
  const body = { scope, ...where[scope], memories: [{ content }] };
  const stored = await send(author, 'POST', '/ai/memories', body);
  if (scope === 'agent' && agent.people !== 'all' && !agent.people.includes(userId)) {
    expect(stored).toMatchObject({ status: 404, body: { code: 'agents.not_found' } });
    return;
  }
  expect(stored).toMatchObject({ status: 201 });
  const { id } = stored.body.data[0];
  const shown = {
    person: [userId],
    agent: agent.people,
    room: room.people,
    organization: 'all' as const,
  }[scope];
  const known = memories.get(id);
  if (known) expect(known).toMatchObject({ organizationId, scope, content });
  else memories.set(id, { id, organizationId, scope, author, content, people: shown });
}

async function correctOrDeleteSomething(): Promise<void> {
  const memory = pick([...memories.values()]);
  const path = `/ai/memories/${memory.id}`;
  const foreigner = pick(people.filter(({ organizationId }) => organizationId !== memory.organizationId));
  for (const [method, body] of [['PATCH', { content: 'taken over' }], ['DELETE'], ['GET']] as const)
    expect(await send(foreigner, method, path, body)).toMatchObject({ status: 404 });
  if (random() < 0.5) {
    expect(await send(memory.author, 'DELETE', path)).toMatchObject({ status: 204 });
    memories.delete(memory.id);
    return;
  }
  const content = `${pick(WORDS)} corrected ${Math.floor(random() * 1e6)}`;
  expect(await send(memory.author, 'PATCH', path, { content })).toMatchObject({ status: 200 });
  memories.set(memory.id, { ...memory, content });
}

const shownTo = ({ organizationId, userId }: Person): Expected[] =>
  [...memories.values()].filter(
    (memory) =>
      memory.organizationId === organizationId && (memory.people === 'all' || memory.people.includes(userId)),
  );
const idsOf = (shown: readonly { id: string }[]) => shown.map(({ id }) => id).toSorted();

const readerOf = ({ userId, organizationId, role }: Person) => {
  const permissions = role === 'owner' ? (['*:*'] as const) : (['memories:read', 'agents:read'] as const);
  return memoryReaderOf(
    { kind: 'user', userId, sessionId: undefined, organizationId, role, plan: null, permissions },
    organizationId,
    new Date(app.clock.now()),
  );
};

beforeAll(async () => {
  app = createTestApp({ memoryEmbeddings: embeddingsOf(model) });
  await addOrganization();
  await addOrganization();
  for (let step = 0; step < STEPS; step++) {
    if (step < 30 || random() < 0.75) await storeSomething();
    else await correctOrDeleteSomething();
    if (step % 20 === 0) await app.drain();
  }
  await app.drain();
});

it('the operations have stored the same texts in both organizations, and for several people', () => {
  const [first, second] = rooms
    .filter((room) => room.people === 'all')
    .map(({ organizationId }) => organizationId);
  for (const organizationId of [first, second])
    for (const scope of MEMORY_SCOPES)
      expect(
        [...memories.values()].some((each) => each.organizationId === organizationId && each.scope === scope),
      ).toBe(true);
});

describe('somebody finds what shows to them, all of it and nothing else', () => {
  it('in lists', async () => {
    for (const person of people) {
      expect((await listTexts(app, person)).toSorted()).toEqual(
        shownTo(person)
          .map(({ content }) => content)
          .toSorted(),
      );
      for (const room of rooms) {
        const { body } = await send(person, 'GET', `/ai/memories?limit=100&roomId=${room.id}`);
        for (const { id } of body.data) expect(idsOf(shownTo(person))).toContain(id);
      }
    }
  });

  it('by id and in versions', async () => {
    for (const person of people)
      for (const { id } of memories.values()) {
        const status = idsOf(shownTo(person)).includes(id) ? 200 : 404;
        expect(await send(person, 'GET', `/ai/memories/${id}`)).toMatchObject({ status });
        expect(await send(person, 'GET', `/ai/memories/${id}/versions`)).toMatchObject({ status });
      }
  });

  it.each(['text', 'meaning and text'])('in what is recalled by %s', async (way) => {
    model.failing = way === 'text' ? 'unavailable' : undefined;
    for (const person of people)
      for (const word of WORDS) {
        const { body } = await recall(app, person, { query: word, limit: 50 });
        const found: string[] = body.data.map(({ memory }: { memory: { id: string } }) => memory.id);
        const shown = idsOf(shownTo(person));
        expect(found.filter((id) => !shown.includes(id))).toEqual([]);
        const withWord = shownTo(person).filter(({ content }) => content.split(' ').includes(word));
        expect(idsOf(withWord).filter((id) => !found.includes(id))).toEqual([]);
      }
    model.failing = undefined;
  });

  it('in what is recalled from a room of the other organization, which is nothing', async () => {
    for (const person of people)
      for (const room of rooms.filter(({ organizationId }) => organizationId !== person.organizationId)) {
        const { body } = await recall(app, person, {
          query: WORDS.join(' '),
          roomId: room.id,
          scopes: ['room'],
        });
        expect(body.data).toEqual([]);
      }
  });

  it('when memories are derived: those of others do not exist', async () => {
    for (const person of people) {
      const shown = idsOf(shownTo(person));
      const hidden = [...memories.keys()].filter((id) => !shown.includes(id));
      const body = {
        scope: 'person',
        source: { kind: 'memory', ids: [pick(hidden)] },
        memories: [{ content: 'derived' }],
      };
      expect(await app.send('POST', MEMORIES, { token: person.token, body })).toMatchObject({
        status: 404,
        body: { code: 'memories.source_not_found' },
      });
    }
  });
});

describe('each of the two lines holds alone', () => {
  it('the queries, in a role that sees every row', async () => {
    for (const person of people) {
      const reader = readerOf(person);
      const words = WORDS.join(' | ');
      const meaning = { vector: toUnitVector(model.vectorOf(pick(WORDS)), 'words')!, model: 'words@1' };
      const filter = {
        scopes: MEMORY_SCOPES,
        agentId: undefined,
        roomId: undefined,
        minSimilarity: undefined,
        limit: 100,
      };
      const [listed, recalled] = await app.services.database.read(
        systemScopeOf(person.organizationId),
        (q) => [
          selectMemories(q, reader, {}, { before: undefined, limit: 1000 }),
          selectRecalled(q, reader, { words, meaning }, filter),
        ],
      );
      expect(idsOf(listed.map(({ memory }) => memory))).toEqual(idsOf(shownTo(person)));
      expect(recalled.rows.length).toBeGreaterThan(0);
      for (const { memoryId } of recalled.rows) expect(idsOf(shownTo(person))).toContain(memoryId);
    }
  });

  it.each(TABLES)('the tenant policy, for statements about %s without a condition', async (table) => {
    for (const { organizationId, userId } of people) {
      const scope = { role: 'app', organizationId, userId } as const;
      const [{ rows }] = await app.services.database.read(scope, (q) => [
        q.execute<{ organization_id: string; space: string }>(sql`select * from ${sql.identifier(table)}`),
      ]);
      expect(new Set(rows.map((row) => row.organization_id))).toEqual(
        new Set(rows.length > 0 ? [organizationId] : []),
      );
      const ofPeople = rows.map(({ space }) => space).filter((space) => space.startsWith('person:'));
      expect(ofPeople.filter((space) => space !== `person:${userId}`)).toEqual([]);
      const hidden = agents.filter(({ people: shown }) => shown !== 'all' && !shown.includes(userId));
      expect(rows.filter(({ space }) => hidden.some(({ id }) => space === `agent:${id}`))).toEqual([]);
    }
  });
});
