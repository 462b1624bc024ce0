import { neon } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import { expect, it } from 'vitest';
import { selectUsersInCalls } from '../../../src/people/presence/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { type CallFixture, createCalls } from '../../support/calls.ts';

it('looking up users in calls uses an index, however many calls there were', async () => {
  const app = createTestApp();
  const { organizationId, token, userId } = await app.person();
  const room = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } });
  const endedCall: CallFixture = {
    organizationId,
    roomId: room.body.id,
    status: 'ended',
    participants: ['ext_1', 'ext_2'].map((identity) => ({ identity, status: 'left' })),
  };
  await createCalls(
    app,
    Array.from({ length: 2_000 }, () => endedCall),
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
