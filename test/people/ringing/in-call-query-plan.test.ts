import { neon } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import { expect, it } from 'vitest';
import { selectUsersInCalls } from '../../../src/people/presence/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';

it('whether somebody is in a call now is looked up by an index, however many calls there were', async () => {
  const app = createTestApp();
  const { organizationId, token, userId } = await app.person();
  const room = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } });
  await ownerSql(
    `insert into calls (id, organization_id, room_id, cluster, status, created_at, updated_at)
      select $1 || '_' || i, $1, $2, 'none', 'ended', now(), now() from generate_series(1, 2000) i`,
    [organizationId, room.body.id],
  );
  await ownerSql(
    `insert into call_participants (id, organization_id, call_id, identity, kind, name, role, status, created_at,
        updated_at)
      select $1 || '_' || i || '_' || n, $1, $1 || '_' || i, 'ext_' || n, 'service', 'n', 'participant', 'left', now(),
        now() from generate_series(1, 2000) i, generate_series(1, 2) n`,
    [organizationId],
  );
  for (const table of ['calls', 'call_participants']) await ownerSql(`analyze ${table}`);
  const query = selectUsersInCalls(drizzle(neon('postgres://u:p@localhost/d')), organizationId, [
    userId,
  ]).toSQL();
  const plan = await ownerSql(`explain ${query.sql}`, query.params);
  await ownerSql('delete from calls where organization_id = $1', [organizationId]);
  const text = plan.map((line) => Object.values(line)[0]).join('\n');
  expect(text).toContain('call_participants_connected_idx');
  expect(text).not.toContain('Seq Scan');
});
