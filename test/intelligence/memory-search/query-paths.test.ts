import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  memoryConsolidations,
  memoryConsolidationSettings,
} from '../../../src/intelligence/memory-consolidation/memory-consolidation.tables.ts';
import { memoryReaderOf } from '../../../src/intelligence/memory/memory.rules.ts';
import { memories, memorySettings } from '../../../src/intelligence/memory/memory.tables.ts';
import { systemScope, systemScopeOf } from '../../../src/kernel/context/index.ts';
import type { DbScope, Queries, Statement, Transaction } from '../../../src/kernel/db/index.ts';
import { createAgent } from '../../support/agents.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { storeTexts, switchMemory } from '../../support/memories.ts';
import { insertRecording } from '../../support/recordings.ts';
import { insertCallTranscript } from '../../support/workflows.ts';
import { ownerSql } from '../../contract/sql.ts';
import { OF_ALL, QUERY_PATHS, type World } from './query-paths.ts';

const TABLES = [
  'memories',
  'memory_sources',
  'memory_versions',
  'memory_chunks',
  'memory_vectors',
  'memory_settings',
  'memory_consolidation_settings',
  'memory_consolidations',
];
const model = new EmbeddingsStandIn();
let app: TestApp;

async function createWorld(word: string): Promise<World> {
  const owner = await app.person({ plan: 'pro' });
  const { organizationId, userId, token } = owner;
  const { ids, clock, database } = app.services;
  const send = (method: string, path: string, body: object) =>
    app.send(method, `/api/v1${path}`, { token, body });
  const roomId = (await send('POST', '/rooms', { name: 'Room' })).body.id;
  const { callId } = (await send('POST', `/rooms/${roomId}/token`, {})).body;
  const createMessage = async () => {
    const id = ids.create('message');
    await ownerSql(
      `insert into chat_messages (id, organization_id, room_id, identity, user_id, name, text, sent_at, changed_at)
       values ($1, $2, $3, $4, $4, 'Ann', 'Said', now(), now())`,
      [id, organizationId, roomId, userId],
    );
    return id;
  };
  const createTranscript = async () => {
    const recordingId = await insertRecording(app, { organizationId, roomId, callId });
    return {
      recordingId,
      transcriptionId: await insertCallTranscript(app, owner, { recordingId }, ['Yes.', 'No.']),
    };
  };
  const [messageId, lostMessageId] = [await createMessage(), await createMessage()];
  const [{ recordingId, transcriptionId }, lost] = [await createTranscript(), await createTranscript()];
  const agentId = await createAgent(app, owner);
  await switchMemory(app, owner, true);
  const store = async (what: string, where: Record<string, unknown> = { scope: 'organization' }) =>
    (await storeTexts(app, owner, [`${word} ${what}`], where))[0]!.id;
  const inRoom = { scope: 'room', roomId };
  const passageOf = (id: string) => ({
    ...inRoom,
    source: { kind: 'transcript', ids: [id], passage: { first: 0, last: 10 } },
  });
  const stored = {
    plain: await store('plain'),
    same: await store('PLAIN'),
    kept: await store('kept'),
    merged: await store('merged'),
    room: await store('room', passageOf(transcriptionId)),
    agent: await store('agent', { scope: 'agent', agentId }),
    unsupported: await store('unsupported'),
    unembedded: await store('unembedded'),
    unhashed: await store('unhashed'),
  };
  await store('said', { ...inRoom, source: { kind: 'message', ids: [messageId] } });
  await store('lost', { ...inRoom, source: { kind: 'message', ids: [lostMessageId] } });
  await store('lost transcript', passageOf(lost.transcriptionId));
  await store('expired');
  await store('own', { scope: 'person', source: { kind: 'memory', ids: [stored.plain] } });
  await app.drain();
  await send('PATCH', `/ai/memories/${stored.plain}`, { content: `${word}, plain.` });
  await app.drain();
  await ownerSql(
    `select merge_memories($1, $2, (select version from memories where id = $2), array[$3], 100)`,
    [organizationId, stored.kept, stored.merged],
  );
  const changes: [text: string, ...ids: string[]][] = [
    [`update chat_messages set deleted_at = now() where id = $1`, lostMessageId],
    [`update recordings set state = 'deleted' where id = $1`, lost.recordingId],
    [`delete from memory_sources where memory_id = $1`, stored.unsupported],
    [
      `delete from memory_vectors where chunk_id in (select id from memory_chunks where memory_id = $1)`,
      stored.unembedded,
    ],
    [`update memories set word_hash = null where id = $1`, stored.unhashed],
    [
      `update memories set expires_at = now() + interval '1 minute' where organization_id = $1 and content like '%expired'`,
      organizationId,
    ],
    [
      `insert into memory_consolidation_settings (organization_id, space, merge_same, updated_at) values ($1, 'organization', true, now())`,
      organizationId,
    ],
  ];
  for (const [text, ...params] of changes) await ownerSql(text, params);
  const [rows, settings, consolidation, due] = await database.read(systemScopeOf(organizationId), (q) => [
    q.select().from(memories).where(eq(memories.organizationId, organizationId)),
    q.select().from(memorySettings).where(eq(memorySettings.organizationId, organizationId)),
    q
      .select()
      .from(memoryConsolidationSettings)
      .where(eq(memoryConsolidationSettings.organizationId, organizationId)),
    q
      .select()
      .from(memoryConsolidations)
      .where(
        sql`${memoryConsolidations.organizationId} = ${organizationId} and ${memoryConsolidations.roomId} = ${roomId}`,
      ),
  ]);
  const row = Object.fromEntries(
    Object.entries(stored).map(([what, id]) => [what, rows.find((each) => each.id === id)!]),
  ) as World['row'];
  const reader = memoryReaderOf(
    {
      kind: 'user',
      userId,
      sessionId: undefined,
      organizationId,
      role: 'owner',
      plan: null,
      permissions: ['*:*'],
    },
    organizationId,
    new Date(clock.now()),
  );
  return {
    organizationId,
    userId,
    reader,
    roomId,
    agentId,
    messageId,
    recordingId,
    transcriptionId,
    lostMessageId,
    lostRecordingId: lost.recordingId,
    row,
    word,
    vector: model.vectorOf(word),
    settings: settings[0]!,
    consolidation: consolidation[0]!,
    due: due[0]!,
  };
}

let here: World;
let there: World;

interface Outcome {
  rows: unknown[];
  /** Whether rows of the organizations have changed. */
  changed: { here: boolean; there: boolean };
  error: unknown;
}

/** All that an organization has in the tables, as one text. */
async function stateOf(tx: Transaction, { organizationId }: World): Promise<string> {
  const states = TABLES.map(
    (table) =>
      `(select coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from ${table} t where organization_id = '${organizationId}')`,
  );
  const result: unknown = await tx.execute(sql.raw(`select ${states.join(` || ' ' || `)} as state`));
  return (result as { rows: { state: string }[] }).rows[0]!.state;
}

/** Runs statements in a scope, and undoes what they did. */
async function tryOut(
  tx: Transaction,
  { role, organizationId, userId }: DbScope,
  build: (q: Queries) => Statement | readonly Statement[],
): Promise<Outcome> {
  const outcome: Outcome = { rows: [], changed: { here: false, there: false }, error: undefined };
  const undo = new Error('undone');
  const before = { here: await stateOf(tx, here), there: await stateOf(tx, there) };
  const work = async (inner: Transaction) => {
    await inner.execute(
      sql`select enter_scope(${`auralink_${role}`}, ${organizationId}, ${userId ?? ''}, '30000', null)`,
    );
    for (const statement of [build(inner as unknown as Queries)].flat()) {
      const result = await (statement as unknown as Promise<unknown[] | { rows: unknown[] }>);
      outcome.rows.push(...(Array.isArray(result) ? result : result.rows));
    }
    await inner.execute(sql`reset role`);
    const [ofHere, ofThere] = [await stateOf(inner, here), await stateOf(inner, there)];
    outcome.changed = { here: ofHere !== before.here, there: ofThere !== before.there };
    throw undo;
  };
  await tx.transaction(work).catch((error: unknown) => {
    if (error !== undo) outcome.error = error;
  });
  return outcome;
}

type Outcomes = Record<'ofOwn' | 'ofOther' | 'ofOtherAsItself' | 'ofWrong', Outcome>;
const outcomes = new Map<string, Outcomes>();
const ofAll = new Map<string, Record<'asSystem' | 'asMember', Outcome>>();

beforeAll(async () => {
  app = createTestApp({ memoryEmbeddings: embeddingsOf(model) });
  here = await createWorld('heron');
  there = await createWorld('thistle');
  const member: DbScope = { role: 'app', organizationId: here.organizationId, userId: here.userId };
  const system = ({ organizationId }: World) => systemScopeOf(organizationId);
  await app.services.database.transaction(systemScope, async (tx) => {
    await tx.execute(sql`reset role`);
    for (const [name, path] of Object.entries(QUERY_PATHS))
      outcomes.set(name, {
        ofOwn: await tryOut(tx, system(here), (q) => path(q, here, here)),
        ofOther: await tryOut(tx, system(here), (q) => path(q, there, here)),
        ofOtherAsItself: await tryOut(tx, system(there), (q) => path(q, there, there)),
        ofWrong: await tryOut(tx, member, (q) => path(q, there, there)),
      });
    for (const [name, build] of Object.entries(OF_ALL))
      ofAll.set(name, {
        asSystem: await tryOut(tx, { ...systemScope, organizationId: '' }, build),
        asMember: await tryOut(tx, member, build),
      });
  });
});

/** Nothing of the other organization was read or changed. */
function expectNothingOfOther({ rows, changed, error }: Outcome, { ofOtherAsItself }: Outcomes): void {
  expect(changed.there).toBe(false);
  const text = JSON.stringify(rows);
  expect(text).not.toContain(there.word);
  expect(text).not.toContain(there.organizationId);
  if (error === undefined && !ofOtherAsItself.changed.there && ofOtherAsItself.rows.length > 0)
    expect(rows).not.toEqual(ofOtherAsItself.rows);
}

describe.each(Object.keys(QUERY_PATHS))('%s', (name) => {
  it('reads or changes what is of its own organization', () => {
    const { rows, changed, error } = outcomes.get(name)!.ofOwn;
    expect(error).toBeUndefined();
    expect(rows.length > 0 || changed.here).toBe(true);
    expect(changed.there).toBe(false);
  });

  it('does neither with what is of another one, in a role that sees every row', () => {
    expectNothingOfOther(outcomes.get(name)!.ofOther, outcomes.get(name)!);
  });

  it('does neither by the tenant policy alone, when it names the wrong organization', () => {
    expectNothingOfOther(outcomes.get(name)!.ofWrong, outcomes.get(name)!);
  });
});

it.each(Object.keys(OF_ALL))('%s reads of all organizations, and in the scope of one only of it', (name) => {
  const { asSystem, asMember } = ofAll.get(name)!;
  for (const { organizationId } of [here, there])
    expect(JSON.stringify(asSystem.rows)).toContain(organizationId);
  expect(asMember.error).toBeUndefined();
  expect(JSON.stringify(asMember.rows)).not.toContain(there.organizationId);
});

describe('these are all', () => {
  const files = globSync('src/intelligence/memory*/*.queries.ts');

  it('queries of the modules of memories', async () => {
    const names = await Promise.all(
      files.map(async (file) => {
        const exported = (await import(resolve(file))) as Record<string, unknown>;
        const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
        return functions.map(([name]) => `${basename(file, '.queries.ts')}.${name}`);
      }),
    );
    const covered = [...Object.keys(QUERY_PATHS), ...Object.keys(OF_ALL)];
    expect(names.flat().toSorted()).toEqual(covered.filter((name) => !name.startsWith('agents.')).toSorted());
  });

  it('functions of the database: each is called by one of the queries, or by another function', () => {
    const functions = globSync('src/intelligence/memory*/*.sql');
    const texts = [...files, ...functions, 'src/intelligence/agents/agents.queries.ts'].map((file) => ({
      file,
      text: readFileSync(file, 'utf8'),
    }));
    const uncalled = functions.filter((path) => {
      const call = `${basename(path, '.sql').replaceAll('-', '_')}(`;
      return !texts.some(({ file, text }) => file !== path && text.includes(call));
    });
    expect(uncalled).toEqual([]);
  });
});
