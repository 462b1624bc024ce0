import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_CREATED_ORGANIZATIONS } from '../../../src/identity/organizations/organizations.rules.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(() => {
  app = createTestApp();
});

const uniqueSlug = () => `team-${crypto.randomUUID()}`;
const create = ({ token }: Person, slug = uniqueSlug()) =>
  app.send('POST', '/api/v1/organizations', { token, body: { name: 'Another', slug } });

describe('the number of organizations of a user', () => {
  it('is bounded, also when they are created at once; a deleted one makes room', async () => {
    const person = await app.person();
    const answers = await Promise.all(
      Array.from({ length: MAX_CREATED_ORGANIZATIONS + 4 }, () => create(person)),
    );
    const created = answers.filter(({ status }) => status === 201);
    // The person had one already.
    expect(created).toHaveLength(MAX_CREATED_ORGANIZATIONS - 1);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect(refused).toMatchObject({ status: 403, body: { code: 'organizations.too_many' } });

    const path = `/api/v1/organizations/${person.organizationId}`;
    expect(await app.send('DELETE', path, { token: person.token })).toMatchObject({ status: 204 });
    expect(await create(person)).toMatchObject({ status: 201 });
    expect(await create(person)).toMatchObject({ status: 403 });
  });

  it('of one user does not bound those of another', async () => {
    expect(await create(await app.person())).toMatchObject({ status: 201 });
  });
});

describe('a slug', () => {
  it.each(['admin', 'api', 'support', 'www', 'well-known'])('%s is reserved', async (slug) => {
    const person = await app.person();
    const refusal = { status: 400, body: { errors: [{ pointer: '/slug', message: 'is reserved' }] } };
    expect(await create(person, slug)).toMatchObject(refusal);
    const path = `/api/v1/organizations/${person.organizationId}`;
    expect(await app.send('PATCH', path, { token: person.token, body: { slug } })).toMatchObject(refusal);
  });

  it('may contain a reserved word', async () => {
    const slug = `support-${crypto.randomUUID()}`;
    expect(await create(await app.person(), slug)).toMatchObject({ status: 201 });
  });
});
