import { expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';

it.each(['the organization was deleted', 'the requester was removed', 'the requesting key was revoked'])(
  'an operation that waited does not run once %s',
  async (how) => {
    const app = createTestApp();
    const owner = await app.person();
    const { organizationId, token } = owner;
    const admin = await app.person({ role: 'admin', organizationId });
    const body = { name: 'Bot', scopes: ['admin'] };
    const key = (await app.send('POST', '/api/v1/api-keys', { token, body })).body;
    const requester = how.includes('key') ? key.secret : admin.token;
    const request = { token: requester, body: { format: 'csv' } };
    const started = await app.send('POST', '/api/v1/audit/logs/export', request);
    expect(started.status).toBe(202);
    if (how.includes('organization'))
      await app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    if (how.includes('key')) await app.send('DELETE', `/api/v1/api-keys/${key.id}`, { token });
    if (how.includes('removed')) await ownerSql('delete from members where user_id = $1', [admin.userId]);
    await app.drain();
    const [row] = await ownerSql('select status from operations where id = $1', [started.body.id]);
    expect(row).toEqual({ status: 'failed' });
  },
);
