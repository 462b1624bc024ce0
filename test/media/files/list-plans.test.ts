import { neon } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import { beforeAll, expect, it } from 'vitest';
import { selectFiles } from '../../../src/media/files/index.ts';
import type { Queries } from '../../../src/kernel/db/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';

const FEW = 2_000;
const MANY = 20_000;

let app: TestApp;
let ann: Person;
let ben: Person;
let roomId: string;
let callId: string;

/** The first 200 are those that Ann may read, a page and more of each kind; all others are newer and private files of Ben. */
async function insertFiles(from: number, to: number): Promise<void> {
  await ownerSql(
    `insert into files (id, organization_id, user_id, uploaded_by, name, content_type, size_bytes, access, room_id, call_id, status,
        scan_status, created_at, updated_at, deleted_at)
     select 'file_' || lpad(n::text, 26, '0'), $1, case when isAnns then $2 else $3 end, case when isAnns then $2 else $3 end, 'f', 'text/plain', 1,
       case when n > 200 then 'private' when n % 6 = 1 then 'organization' when n % 6 = 2 then 'public' when n % 6 > 3 then 'participants'
         else 'private' end,
       case when n % 6 > 3 then $4 end, case when n % 6 = 4 then $5 end, 'stored', 'clean', now(), now(),
       case when n <= 200 and n % 6 = 3 then now() end
     from (select n, n <= 200 and n % 6 in (0, 3) as isAnns from generate_series($6::int, $7::int) n) numbers`,
    [ann.organizationId, ann.userId, ben.userId, roomId, callId, from, to],
  );
  await ownerSql('analyze files');
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

type ListArguments = Parameters<typeof selectFiles>;

/** How many pages of the database a list reads, and which relations it reads row by row. */
async function explain(viewer: ListArguments[1]['viewer'], filter: ListArguments[2]) {
  const q = drizzle(neon('postgres://u:p@localhost/d')) as unknown as Queries;
  const reader = { organizationId: ann.organizationId, viewer, now: new Date(app.clock.now()) };
  const query = selectFiles(q, reader, filter, { before: undefined, limit: 20 }).toSQL();
  const [row] = await ownerSql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, buffers, format json) ${query.sql}`,
    query.params,
  );
  const plan = row!['QUERY PLAN'][0].Plan;
  const scanned = nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan');
  return {
    blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    scanned: scanned.map((node) => node['Relation Name']).filter((name) => name === 'files'),
  };
}

const since = new Date(0);
const own = () => ({ identity: ann.userId, guestOfRoom: null, roomViewer: ann.userId });
const all = { identity: null, guestOfRoom: null, roomViewer: null };
const LISTS = {
  'of a member': () => explain(own(), {}),
  'of a member, what the organization may read': () => explain(own(), { access: 'organization' }),
  'of a member in a room': () => explain(own(), { roomId }),
  'of a member, deleted ones': () => explain(own(), { deletedSince: since }),
  'of a manager': () => explain(all, {}),
  'of a manager, public ones': () => explain(all, { access: 'public' }),
  'of a manager, deleted ones': () => explain(all, { deletedSince: since }),
} as const;
type Explained = Awaited<ReturnType<typeof explain>>;

const measured = new Map<string, Explained[]>();

beforeAll(async () => {
  app = createTestApp();
  ann = await app.person({ role: 'owner' });
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
  const room = await app.send('POST', '/api/v1/rooms', { token: ann.token, body: { name: 'Room' } });
  roomId = room.body.id;
  const { organizationId } = ann;
  const participants = [{ identity: ann.userId, createdAt: new Date(0) }];
  const [call] = await createCalls(app, [{ organizationId, roomId, status: 'ended', participants }]);
  callId = call!.callId;
  for (const [from, to] of [
    [1, FEW],
    [FEW + 1, MANY],
  ] as const) {
    await insertFiles(from, to);
    for (const [name, list] of Object.entries(LISTS))
      measured.set(name, [...(measured.get(name) ?? []), await list()]);
  }
});

it.each(Object.keys(LISTS))('the list %s reads as much among ten times as many files', (name) => {
  const [few, many] = measured.get(name) as [Explained, Explained];
  expect(many.scanned).toEqual([]);
  // An index is a level deeper at times, and a page of rows is spread over more blocks.
  expect(many.blocks).toBeLessThan(few.blocks * 2 + 40);
});
