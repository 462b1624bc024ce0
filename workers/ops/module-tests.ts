import { type ModuleNames, withArticle } from './module-names.ts';

/** The tests of the route that creates a row. */
const buildRouteTests = ({
  name,
  noun,
  table,
}: ModuleNames) => `const create = ({ token }: Person, name: string) =>
  app.send('POST', '/api/v1/${name}', { token, body: { name } });

it('${withArticle(noun)} is created with single spaces in its name', async () => {
  const made = await create(owner, ' The  first ');
  expect(made).toMatchObject({ status: 201, body: { name: 'The first' } });
  expect(made.headers.get('location')).toBe(\`/api/v1/${name}/\${made.body.id}\`);
});

it('a name that another ${noun} of the organization has is refused', async () => {
  await create(owner, 'Taken');
  expect(await create(owner, 'Taken')).toMatchObject({ status: 409, body: { code: '${table}.name_taken' } });
  expect(await create(await app.person(), 'Taken')).toMatchObject({ status: 201 });
});

it('a caller without the permission is refused', async () => {
  const guest = await app.person({ role: 'guest', organizationId: owner.organizationId });
  expect(await create(guest, 'Hers')).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
});`;

/** The tests of a new module, the last of which fails. */
export const buildTest = (names: ModuleNames): string => {
  const { domain, name, singular, noun, nouns } = names;
  return `import { beforeAll, expect, it } from 'vitest';
import { ${singular}Created } from '../../../src/${domain}/${name}/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

${buildRouteTests(names)}

it('events of one ${noun} keep their order', () => {
  const event = ${singular}Created.of(${singular}Created.example);
  expect(event.key).toBe(${singular}Created.example.${singular}Id);
});

it('the first rule of ${nouns} has a test', () => {
  expect.fail('State the rule in src/${domain}/${name}/README.md, and replace this test by one that proves it.');
});
`;
};
