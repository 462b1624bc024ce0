import { beforeEach, describe, expect, it } from 'vitest';
import { sweepConsolidations } from '../../../src/intelligence/memory-consolidation/consolidate-memories.ts';
import { ownerSql } from '../../contract/sql.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import { beforeNextCommit } from '../../support/before-commit.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import {
  listTexts,
  MEMORIES,
  recall,
  recallTexts,
  storeTexts as storeAtOnce,
  switchMemory,
} from '../../support/memories.ts';

let app: TestApp;
let owner: Person;
let member: Person;
let roomId: string;

beforeEach(async () => {
  app = createTestApp({ memoryEmbeddings: embeddingsOf(new EmbeddingsStandIn()) });
  owner = await app.person();
  member = await app.person({ role: 'member', organizationId: owner.organizationId });
  roomId = (await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } })).body.id;
});

const send = ({ token }: Person, method: string, id: string, path = '', body?: object) =>
  app.send(method, `${MEMORIES}/${id}${path}`, { token, ...(body ? { body } : {}) });
const get = async (person: Person, id: string) => (await send(person, 'GET', id)).body;
const inRoom = () => ({ scope: 'room', roomId });

/** Stores texts, a second after each other: which is the oldest is decided. */
async function storeTexts(...[of, person, texts, where]: Parameters<typeof storeAtOnce>) {
  const stored: { id: string; content: string }[] = [];
  for (const text of texts) {
    of.clock.advanceSeconds(1);
    stored.push(...(await storeAtOnce(of, person, [text], where)));
  }
  return stored;
}

/** Rows of the organization. */
const rowsOf = (table: string, condition = 'true') =>
  ownerSql(`select 1 from ${table} where organization_id = $1 and ${condition}`, [owner.organizationId]);

/** Lets what was changed be looked at, as time does. */
async function consolidate(): Promise<void> {
  await app.drain();
  await ownerSql('update memory_consolidations set due_at = to_timestamp($1)', [app.clock.now() / 1000]);
  expect(await sweepConsolidations(app.services)).toMatchObject({ failed: 0 });
  await app.drain();
}

async function createFile(content: string): Promise<string> {
  const query = { access: 'organization', roomId };
  return (await uploadFile(app, owner.token, { content, query })).body.id;
}
const deleteFile = async (fileId: string) => {
  await app.send('DELETE', `/api/v1/files/${fileId}`, { token: owner.token });
  await app.drain();
};
const citing = (fileId: string) => ({ ...inRoom(), source: { kind: 'file', ids: [fileId] } });

describe('memories with the same words', () => {
  it('are recalled once, the oldest with the sources of all', async () => {
    const [file, other] = [await createFile('one'), await createFile('two')];
    const [first] = await storeTexts(app, owner, ['Tea at five.'], citing(file));
    const [second] = await storeTexts(app, owner, ['TEA – at five!'], citing(other));
    await consolidate();
    const { body } = await recall(app, owner, { query: 'tea at five' });
    expect(body.data.map(({ memory }: { memory: object }) => memory)).toMatchObject([
      { id: first!.id, mergedFrom: [second!.id], sources: [{ id: file }, { id: other }] },
    ]);
    expect(await get(owner, second!.id)).toMatchObject({ mergedInto: first!.id, content: 'TEA – at five!' });
    expect(await listTexts(app, owner)).toEqual(['Tea at five.']);
    expect(await rowsOf('memory_vectors', `starts_with(chunk_id, '${second!.id}')`)).toEqual([]);
  });

  it('in another order, or with one word more, are two', async () => {
    await storeTexts(app, owner, ['Ann pays Bob', 'Bob pays Ann', 'Ann never pays Bob']);
    await consolidate();
    expect(await listTexts(app, owner)).toHaveLength(3);
  });

  it('of two people, rooms or organizations never meet', async () => {
    const foreigner = await app.person();
    for (const person of [owner, member, foreigner]) {
      await switchMemory(app, person, true);
      await storeTexts(app, person, ['tea', 'Tea!'], { scope: 'person' });
    }
    await storeTexts(app, owner, ['tea'], inRoom());
    await storeTexts(app, owner, ['Tea!']);
    await consolidate();
    const merged = await ownerSql<{ one: string; other: string }>(
      'select m.organization_id || m.space as one, k.organization_id || k.space as other from memories m join memories k on k.id = m.merged_into where m.organization_id in ($1, $2)',
      [owner.organizationId, foreigner.organizationId],
    );
    expect(merged).toHaveLength(3);
    for (const { one, other } of merged) expect(one).toBe(other);
    expect(await listTexts(app, owner)).toHaveLength(3);
  });

  it('of a person who has their memory off are left as they are', async () => {
    await switchMemory(app, member, true);
    await storeTexts(app, member, ['tea', 'Tea!'], { scope: 'person' });
    await app.drain();
    await switchMemory(app, member, false);
    await consolidate();
    expect(await listTexts(app, member)).toHaveLength(2);
    await switchMemory(app, member, true);
    await consolidate();
    expect(await listTexts(app, member)).toEqual(['tea']);
  });

  it('are looked at when they were stored before words were hashed', async () => {
    await storeTexts(app, owner, ['tea', 'Tea!']);
    await ownerSql('update memories set word_hash = null where organization_id = $1', [owner.organizationId]);
    await consolidate();
    await consolidate();
    expect(await listTexts(app, owner)).toEqual(['tea']);
  });

  it('stay two where the organization does not want them merged, or they are forgotten at different times', async () => {
    const expiresAt = new Date(app.clock.now() + 9e6).toISOString();
    const memories = [{ content: 'coffee', expiresAt }, { content: 'Coffee!' }];
    await app.send('POST', MEMORIES, { token: owner.token, body: { scope: 'organization', memories } });
    await consolidate();
    expect(await listTexts(app, owner)).toHaveLength(2);
    const body = { mergeSame: false, mostMemories: null, forgetUnusedDays: null };
    const path = '/api/v1/ai/memory/consolidation/organization';
    expect(await app.send('PUT', path, { token: owner.token, body })).toMatchObject({ status: 200 });
    await storeTexts(app, owner, ['tea', 'Tea!']);
    await consolidate();
    expect(await listTexts(app, owner)).toHaveLength(4);
  });

  it('a run that is repeated changes nothing more', async () => {
    const [kept] = await storeTexts(app, owner, ['tea', 'Tea!']);
    await consolidate();
    const before = await get(owner, kept!.id);
    await consolidate();
    await consolidate();
    expect(await get(owner, kept!.id)).toEqual(before);
    expect(await rowsOf('audit_logs', `action = 'memory.merged'`)).toHaveLength(1);
  });
});

describe('at the same moment', () => {
  const merge = (from: { id: string }, into: { id: string }) =>
    send(owner, 'PUT', from.id, '/merge', { into: into.id });

  it('two memories that are merged into each other are not both hidden: the first merge counts', async () => {
    const [one, other] = await storeTexts(app, owner, ['tea at four', 'tea at four, always']);
    let first;
    beforeNextCommit(app, owner, async () => (first = await merge(other!, one!)));
    const second = await merge(one!, other!);
    expect(first).toMatchObject({ status: 200, body: { mergedInto: one!.id } });
    expect(second).toMatchObject({ status: 409, body: { code: 'memories.not_mergeable' } });
    expect(await listTexts(app, owner)).toEqual(['tea at four']);
  });

  it('a memory that is corrected is not merged with the text that it had', async () => {
    const [one, other] = await storeTexts(app, owner, ['tea at four', 'tea at five']);
    const content = { content: 'coffee at five' };
    let corrected;
    beforeNextCommit(
      app,
      owner,
      async () => (corrected = await send(owner, 'PATCH', other!.id, '', content)),
    );
    const refused = await app.send('PUT', `${MEMORIES}/${other!.id}/merge`, {
      token: owner.token,
      headers: { 'if-match': '"1"' },
      body: { into: one!.id },
    });
    expect(refused).toMatchObject({ status: 412, body: { code: 'request.stale' } });
    expect(corrected).toMatchObject({ status: 200 });
    expect((await listTexts(app, owner)).toSorted()).toEqual(['coffee at five', 'tea at four']);
  });
});

describe('sources of merged memories', () => {
  it('support the one that is kept, as long as one of them stands', async () => {
    const [file, other] = [await createFile('one'), await createFile('two')];
    const [kept] = await storeTexts(app, owner, ['tea'], citing(file));
    const [merged] = await storeTexts(app, owner, ['Tea!'], citing(other));
    await consolidate();
    await deleteFile(file);
    expect(await get(owner, kept!.id)).toMatchObject({ sources: [{ id: other }] });
    await deleteFile(other);
    for (const { id } of [kept!, merged!])
      expect(await send(owner, 'GET', id)).toMatchObject({ status: 404 });
    expect(await rowsOf('memory_chunks')).toEqual([]);
  });

  it('a merged one without its own is gone, and the kept one stays', async () => {
    const file = await createFile('one');
    const [kept] = await storeTexts(app, owner, ['tea'], inRoom());
    const [merged] = await storeTexts(app, owner, ['Tea!'], citing(file));
    await consolidate();
    await deleteFile(file);
    expect(await send(owner, 'GET', merged!.id)).toMatchObject({ status: 404 });
    expect(await get(owner, kept!.id)).toMatchObject({ mergedFrom: [], sources: [{ kind: 'manual' }] });
  });

  it('what is derived is merged with nothing', async () => {
    const [parent] = await storeTexts(app, owner, ['parent']);
    const source = { kind: 'memory', ids: [parent!.id] };
    await storeTexts(app, owner, ['tea'], { scope: 'organization', source });
    const [said] = await storeTexts(app, owner, ['Tea!']);
    await consolidate();
    await send(owner, 'DELETE', parent!.id);
    expect(await get(owner, said!.id)).toMatchObject({ mergedInto: null, derivedFrom: [] });
    expect(await listTexts(app, owner)).toEqual(['Tea!']);
  });
});

describe('corrections', () => {
  it('win: a corrected memory is kept, though another is older', async () => {
    const [older, corrected] = await storeTexts(app, owner, ['iphone', 'nothing']);
    await send(owner, 'PATCH', corrected!.id, '', { content: 'iPhone' });
    await consolidate();
    expect(await get(owner, older!.id)).toMatchObject({ mergedInto: corrected!.id });
  });

  it('of the kept memory count for those that were merged into it', async () => {
    const [kept] = await storeTexts(app, owner, ['Monday', 'monday!']);
    await consolidate();
    await send(owner, 'PATCH', kept!.id, '', { content: 'Tuesday' });
    await consolidate();
    expect(await listTexts(app, owner)).toEqual(['Tuesday']);
    expect(await recallTexts(app, owner, 'monday tuesday')).toEqual(['Tuesday']);
  });

  it('of a merged memory take it apart', async () => {
    const [kept, merged] = await storeTexts(app, owner, ['Monday', 'monday!']);
    await consolidate();
    await send(owner, 'PATCH', merged!.id, '', { content: 'Friday' });
    expect(await get(owner, merged!.id)).toMatchObject({ mergedInto: null });
    expect((await listTexts(app, owner)).toSorted()).toEqual(['Friday', 'Monday']);
    expect(await get(owner, kept!.id)).toMatchObject({ mergedFrom: [] });
  });

  it.each<[string, (id: string) => Promise<unknown>, string[]]>([
    ['corrects', (id) => send(member, 'PATCH', id, '', { content: 'nonsense' }), ['Tea!', 'nonsense']],
    ['deletes', (id) => send(member, 'DELETE', id), ['Tea!']],
    [
      'shortens the life of',
      (id) => send(member, 'PATCH', id, '', { expiresAt: new Date(app.clock.now() + 1000).toISOString() }),
      ['Tea!', 'tea'],
    ],
  ])('what others stored is found again when somebody %s theirs', async (_what, change, left) => {
    const [kept] = await storeTexts(app, member, ['tea'], inRoom());
    await storeTexts(app, owner, ['Tea!'], inRoom());
    await consolidate();
    expect(await listTexts(app, owner)).toEqual(['tea']);
    await change(kept!.id);
    await app.drain();
    expect((await listTexts(app, owner)).toSorted()).toEqual(left);
    expect(await recallTexts(app, owner, 'tea')).toContain('Tea!');
    app.clock.advanceSeconds(2);
    expect(await recallTexts(app, owner, 'tea')).toContain('Tea!');
  });
});

describe('undoing a merge', () => {
  it('makes the memory found again, for good', async () => {
    const [kept, merged] = await storeTexts(app, owner, ['tea', 'Tea!']);
    await consolidate();
    expect(await send(owner, 'DELETE', merged!.id, '/merge')).toMatchObject({
      status: 200,
      body: { mergedInto: null },
    });
    await consolidate();
    expect(new Set(await recallTexts(app, owner, 'tea'))).toEqual(new Set(['tea', 'Tea!']));
    expect(await get(owner, kept!.id)).toMatchObject({ mergedFrom: [] });
    expect(await rowsOf('memory_vectors')).toHaveLength(2);
    expect(await send(owner, 'DELETE', merged!.id, '/merge')).toMatchObject({
      status: 409,
      body: { code: 'memories.not_merged' },
    });
  });

  it('forgets the kept one when nothing else supports it', async () => {
    const [file, other] = [await createFile('one'), await createFile('two')];
    const [kept] = await storeTexts(app, owner, ['tea'], citing(file));
    const [merged] = await storeTexts(app, owner, ['Tea!'], citing(other));
    await consolidate();
    await deleteFile(file);
    await send(owner, 'DELETE', merged!.id, '/merge');
    expect(await send(owner, 'GET', kept!.id)).toMatchObject({ status: 404 });
    expect(await listTexts(app, owner)).toEqual(['Tea!']);
  });

  it('needs the authority to change the memory', async () => {
    const [, merged] = await storeTexts(app, owner, ['tea', 'Tea!']);
    await consolidate();
    expect(await send(member, 'DELETE', merged!.id, '/merge')).toMatchObject({ status: 403 });
  });
});

describe('merging by hand', () => {
  it('merges what a person says is the same, and takes it apart', async () => {
    const [one, other] = await storeTexts(app, owner, ['Tea is at five.', 'We have tea at 5 pm.']);
    expect(await send(owner, 'PUT', other!.id, '/merge', { into: one!.id })).toMatchObject({
      status: 200,
      body: { mergedInto: one!.id },
    });
    expect(await recallTexts(app, owner, 'tea')).toEqual(['Tea is at five.']);
    await send(owner, 'DELETE', other!.id, '/merge');
    expect(await recallTexts(app, owner, 'tea')).toHaveLength(2);
  });

  it('is refused across spaces, for itself, for one that has others, and without the authority over both', async () => {
    await switchMemory(app, owner, true);
    const [one, two, three] = await storeTexts(app, owner, ['one', 'two', 'three']);
    const [mine] = await storeTexts(app, owner, ['mine'], { scope: 'person' });
    const merge = (id: string, into: string, person = owner) => send(person, 'PUT', id, '/merge', { into });
    const refused = { status: 409, body: { code: 'memories.not_mergeable' } };
    expect(await merge(mine!.id, one!.id)).toMatchObject(refused);
    expect(await merge(one!.id, one!.id)).toMatchObject(refused);
    expect(await merge(two!.id, one!.id)).toMatchObject({ status: 200 });
    expect(await merge(one!.id, three!.id)).toMatchObject(refused);
    expect(await merge(three!.id, two!.id)).toMatchObject(refused);
    expect(await merge(three!.id, one!.id, member)).toMatchObject({ status: 403 });
    const [theirs] = await storeTexts(app, member, ['a'], inRoom());
    const [ours] = await storeTexts(app, owner, ['b'], inRoom());
    expect(await merge(theirs!.id, ours!.id, member)).toMatchObject({ status: 403 });
  });
});

it('deleting the kept memory deletes those that were merged into it, and their children', async () => {
  const [kept, merged] = await storeTexts(app, owner, ['tea', 'Tea!']);
  await storeTexts(app, owner, ['child'], {
    scope: 'organization',
    source: { kind: 'memory', ids: [merged!.id] },
  });
  await consolidate();
  expect(await send(owner, 'DELETE', kept!.id)).toMatchObject({ status: 204 });
  expect(await rowsOf('memories')).toEqual([]);
});
