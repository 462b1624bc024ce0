import { beforeEach, describe, expect, it } from 'vitest';
import {
  sweepLostSources,
  sweepMemories,
} from '../../../src/intelligence/memory-forgetting/sweep-memories.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import { listTexts, MEMORIES, storeTexts, switchMemory } from '../../support/memories.ts';
import { insertRecording } from '../../support/recordings.ts';
import { insertCallTranscript } from '../../support/workflows.ts';
import { ownerSql } from '../../contract/sql.ts';

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

/** Sends a message to the room's chat. */
async function sendMessage(text: string): Promise<string> {
  const id = app.services.ids.create('message');
  await ownerSql(
    `insert into chat_messages (id, organization_id, room_id, identity, user_id, name, text, sent_at, changed_at)
     values ($1, $2, $3, $4, $4, 'Ann', $5, now(), now())`,
    [id, owner.organizationId, roomId, member.userId, text],
  );
  return id;
}

async function createFile(access: string): Promise<string> {
  const answer = await uploadFile(app, owner.token, { content: 'notes', query: { access, roomId } });
  return answer.body.id;
}

async function createRecording(): Promise<{ recordingId: string; callId: string }> {
  const path = `/api/v1/rooms/${roomId}/token`;
  const { callId } = (await app.send('POST', path, { token: owner.token, body: {} })).body;
  const { organizationId } = owner;
  return { recordingId: await insertRecording(app, { organizationId, roomId, callId }), callId };
}

/** A transcript of a recording, and a passage of it. */
async function createPassage() {
  const { recordingId, callId } = await createRecording();
  const lines = ['Good day.', 'We ship on Thursdays.', 'Always.', 'Good bye.'];
  const transcriptionId = await insertCallTranscript(app, owner, { recordingId }, lines);
  const source = { kind: 'transcript', ids: [transcriptionId], passage: { first: 10, last: 20 } };
  return { recordingId, callId, transcriptionId, source };
}

const store = ({ token }: Person, body: Record<string, unknown>) =>
  app.send('POST', MEMORIES, { token, body: { memories: [{ content: 'cited' }], ...body } });

/** How many rows any table has of the organization's memories. */
async function countRows(): Promise<number> {
  const tables = ['memories', 'memory_sources', 'memory_versions', 'memory_chunks', 'memory_vectors'];
  const counts = await ownerSql<{ count: number }>(
    tables
      .map((table) => `select count(*)::int as count from ${table} where organization_id = $1`)
      .join(' union all '),
    [owner.organizationId],
  );
  return counts.reduce((sum, { count }) => sum + count, 0);
}

describe('a memory goes with its source, with passages, vectors and what was derived from it, in every scope', () => {
  it.each<[string, () => Promise<{ source: object; remove(): Promise<unknown> }>]>([
    [
      'a file',
      async () => {
        const fileId = await createFile('organization');
        const path = `/api/v1/files/${fileId}`;
        return {
          source: { kind: 'file', ids: [fileId] },
          remove: () => app.send('DELETE', path, { token: owner.token }),
        };
      },
    ],
    [
      'a file that not all members may read any more',
      async () => {
        const fileId = await createFile('organization');
        const path = `/api/v1/files/${fileId}`;
        return {
          source: { kind: 'file', ids: [fileId] },
          remove: () => app.send('PATCH', path, { token: owner.token, body: { access: 'private' } }),
        };
      },
    ],
    [
      'a message, whose sender is erased without an event about it',
      async () => {
        const messageId = await sendMessage('Tea at five');
        return {
          source: { kind: 'message', ids: [messageId] },
          remove: async () => {
            await ownerSql('delete from chat_messages where id = $1', [messageId]);
            await sweepLostSources(app.services);
          },
        };
      },
    ],
    [
      'a recording',
      async () => {
        const { recordingId } = await createRecording();
        return {
          source: { kind: 'recording', ids: [recordingId] },
          remove: async () => {
            await ownerSql(`delete from recordings where id = $1`, [recordingId]);
            await sweepLostSources(app.services);
          },
        };
      },
    ],
    [
      'a transcript',
      async () => {
        const { source, transcriptionId } = await createPassage();
        const path = `/api/v1/ai/transcriptions/${transcriptionId}`;
        const remove = async () => {
          expect(await app.send('DELETE', path, { token: owner.token })).toMatchObject({ status: 204 });
          // In the commit that deletes it.
          expect(await countRows()).toBe(0);
        };
        return { source, remove };
      },
    ],
    [
      'a recording, of which there is a transcript',
      async () => {
        const { source, recordingId } = await createPassage();
        return {
          source,
          remove: async () => {
            await ownerSql(`delete from recordings where id = $1`, [recordingId]);
            await sweepLostSources(app.services);
          },
        };
      },
    ],
  ])('%s', async (_what, prepare) => {
    const { source, remove } = await prepare();
    const stored = await store(owner, { scope: 'room', roomId, source });
    expect(stored).toMatchObject({ status: 201 });
    await switchMemory(app, member, true);
    const derive = (ids: string[], content: string) =>
      storeTexts(app, member, [content], { scope: 'person', source: { kind: 'memory', ids } });
    const [child] = await derive([stored.body.data[0].id], 'derived');
    await derive([child!.id], 'derived again');
    await app.drain();
    expect(await listTexts(app, member)).toHaveLength(3);
    await remove();
    await app.drain();
    expect(await listTexts(app, member)).toEqual([]);
    expect(await countRows()).toBe(0);
  });
});

it('a passage of a transcript has its call and times, and says when it was corrected', async () => {
  const { source, transcriptionId, callId } = await createPassage();
  const passage = { first: 10, last: 20, callId, startSeconds: 4, endSeconds: 11.9, correctedAt: null };
  const { body } = await store(owner, { scope: 'room', roomId, source });
  expect(body.data[0].sources).toMatchObject([{ kind: 'transcript', id: transcriptionId, passage }]);
  const passageNow = async () =>
    (await app.send('GET', `${MEMORIES}/${body.data[0].id}`, { token: member.token })).body.sources[0]
      .passage;
  expect(await passageNow()).toEqual(passage);
  app.clock.advanceSeconds(60);
  const correctedAt = new Date(app.clock.now()).toISOString();
  const correct = async (position: number) => {
    const path = `/api/v1/ai/transcriptions/${transcriptionId}/corrections`;
    const correction = { token: owner.token, body: { position, text: 'We ship on Fridays.' } };
    expect((await app.send('POST', path, correction)).status).toBeLessThan(300);
  };
  await correct(30);
  expect(await passageNow()).toEqual(passage);
  await correct(10);
  expect(await passageNow()).toEqual({ ...passage, correctedAt });
});

it('a passage is cited by people who may read the transcript, for no more people, and is there', async () => {
  const { source } = await createPassage();
  expect(await store(member, { scope: 'room', roomId, source })).toMatchObject({
    status: 404,
    body: { code: 'transcripts.not_found' },
  });
  expect(await store(owner, { scope: 'organization', source })).toMatchObject({
    status: 422,
    body: { code: 'memories.wider_audience' },
  });
  const empty = { ...source, passage: { first: 11, last: 19 } };
  expect(await store(owner, { scope: 'room', roomId, source: empty })).toMatchObject({
    status: 404,
    body: { code: 'memories.source_not_found' },
  });
});

it('what was derived while its parent was deleted goes within the hour', async () => {
  const [parent] = await storeTexts(app, owner, ['parent']);
  await storeTexts(app, owner, ['child'], {
    scope: 'organization',
    source: { kind: 'memory', ids: [parent!.id] },
  });
  await ownerSql('delete from memories where id = $1', [parent!.id]);
  await sweepLostSources(app.services);
  expect(await countRows()).toBe(0);
});

it('a memory that two sources say stays with the second', async () => {
  const fileId = await createFile('organization');
  await store(owner, { scope: 'room', roomId, source: { kind: 'file', ids: [fileId] } });
  const again = await store(owner, { scope: 'room', roomId });
  await app.send('DELETE', `/api/v1/files/${fileId}`, { token: owner.token });
  await app.drain();
  const kept = await app.send('GET', `${MEMORIES}/${again.body.data[0].id}`, { token: owner.token });
  expect(kept.body.sources).toEqual([expect.objectContaining({ kind: 'manual', id: owner.userId })]);
});

describe('a memory shows to no more people than its source', () => {
  it.each<[string, () => Promise<object>, object]>([
    [
      'a message',
      async () => ({ kind: 'message', ids: [await sendMessage('Tea')] }),
      { scope: 'organization' },
    ],
    [
      'a private file',
      async () => ({ kind: 'file', ids: [await createFile('private')] }),
      { scope: 'organization' },
    ],
    [
      'a memory of a room',
      async () => ({
        kind: 'memory',
        ids: [(await storeTexts(app, owner, ['x'], { scope: 'room', roomId }))[0]!.id],
      }),
      { scope: 'organization' },
    ],
  ])('%s is refused for the organization', async (_what, prepare, scope) => {
    const answer = await store(owner, { ...scope, source: await prepare() });
    expect(answer).toMatchObject({ status: 422, body: { code: 'memories.wider_audience' } });
  });

  it('a message is shared with all to whom the room shows by a moderator alone', async () => {
    const source = { kind: 'message', ids: [await sendMessage('Tea')] };
    expect(await store(member, { scope: 'room', roomId, source })).toMatchObject({ status: 403 });
    expect(await store(owner, { scope: 'room', roomId, source })).toMatchObject({ status: 201 });
  });

  it('a source of another organization does not exist', async () => {
    const foreigner = await app.person();
    await switchMemory(app, foreigner, true);
    const [memory] = await storeTexts(app, owner, ['ours']);
    for (const source of [
      { kind: 'message', ids: [await sendMessage('Tea')] },
      { kind: 'file', ids: [await createFile('organization')] },
      { kind: 'memory', ids: [memory!.id] },
    ])
      expect(await store(foreigner, { scope: 'person', source })).toMatchObject({ status: 404 });
  });
});

it('what has expired is not shown, and is deleted with what was derived from it', async () => {
  const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
  const body = { scope: 'organization', memories: [{ content: 'soon over', expiresAt }] };
  const stored = await app.send('POST', MEMORIES, { token: owner.token, body });
  await storeTexts(app, owner, ['derived'], {
    scope: 'organization',
    source: { kind: 'memory', ids: [stored.body.data[0].id] },
  });
  app.clock.advanceSeconds(61);
  expect(await listTexts(app, owner)).toEqual(['derived']);
  await sweepMemories(app.services);
  expect(await countRows()).toBe(0);
});
