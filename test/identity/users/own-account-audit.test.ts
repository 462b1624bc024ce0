import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { logIn, refresh, signUp, type SignedIn } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

/** A person with an organization of their own, removed from another one, with the access token for that one. */
async function formerMember(): Promise<{
  person: SignedIn;
  token: string;
  owner: Person;
  ownOrganizationId: string;
}> {
  const owner = await app.person();
  const person = await signUp(app);
  const ownOrganizationId = (await app.send('GET', '/api/v1/auth/whoami', { token: person.accessToken })).body
    .organizationId;
  const now = new Date(app.clock.now());
  const memberId = app.services.ids.create('member');
  await ownerSql(
    `insert into members (id, organization_id, user_id, role, created_at, updated_at) values ($1, $2, $3, 'member', $4, $4)`,
    [memberId, owner.organizationId, person.userId, now.toISOString()],
  );
  const { body } = await app.send('POST', '/api/v1/auth/switch', {
    token: person.accessToken,
    body: { organizationId: owner.organizationId },
  });
  const path = `/api/v1/organizations/${owner.organizationId}/members/${memberId}`;
  expect(await app.send('DELETE', path, { token: owner.token })).toMatchObject({ status: 204 });
  return { person, token: body.accessToken, owner, ownOrganizationId };
}

const auditedIn = async (organizationId: string, action: string) =>
  (
    await ownerSql('select id from audit_logs where organization_id = $1 and action = $2', [
      organizationId,
      action,
    ])
  ).length;

describe('a change of the own account after the person left an organization', () => {
  it.each<[action: string, change: (person: SignedIn, token: string) => Promise<unknown>]>([
    ['user.updated', (_, token) => app.send('PATCH', '/api/v1/users/me', { token, body: { name: 'New' } })],
    [
      'user.password_changed',
      ({ password }, token) =>
        app.send('POST', '/api/v1/users/me/password', {
          token,
          body: { currentPassword: password, newPassword: 'eight-daisies-in-a-vase' },
        }),
    ],
    ['user.logged_out', (_, token) => app.send('POST', '/api/v1/auth/logout', { token })],
    ['user.sessions_revoked', (_, token) => app.send('DELETE', '/api/v1/users/me/sessions', { token })],
    [
      'session.revoked',
      async (person, token) => {
        await logIn(app, person);
        const { body } = await app.send('GET', '/api/v1/users/me/sessions?order=desc', { token });
        const other = body.data.find(({ current }: { current: boolean }) => !current);
        return app.send('DELETE', `/api/v1/users/me/sessions/${other.id}`, { token });
      },
    ],
    [
      'session.refresh_token_reused',
      async ({ refreshToken }) => {
        // The switch replaced this token; the session is still in the organization that the person left.
        app.clock.advanceSeconds(60);
        return refresh(app, refreshToken);
      },
    ],
  ])(
    'records %s in the organization they are still in, and not in the one they left',
    async (action, change) => {
      const { person, token, owner, ownOrganizationId } = await formerMember();
      await change(person, token);
      expect(await auditedIn(owner.organizationId, action)).toBe(0);
      expect(await auditedIn(ownOrganizationId, action)).toBe(1);
    },
  );
});
