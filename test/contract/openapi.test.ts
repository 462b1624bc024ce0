import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { permissionsOfRole, ROLES } from '../../src/identity/access/index.ts';
import { permits } from '../../src/kernel/core/index.ts';
import { buildOpenApiDocument } from '../../src/platform/http/index.ts';
import { routes } from '../../workers/http.ts';

const buildDocument = () => buildOpenApiDocument(routes, 'https://api.auralink.example');

// Both files are pinned: a change of the contract is seen in review. `npx vitest run test/contract -u` renews them.

it('the OpenAPI document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(buildDocument()) as Record<string, unknown>);
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

it('the OpenAPI document is the one that was agreed on', async () => {
  await expect(`${JSON.stringify(buildDocument(), null, 2)}\n`).toMatchFileSnapshot(
    './__snapshots__/openapi.json',
  );
});

it('who may call what is as agreed on', async () => {
  const rows = routes.map((route) => {
    const { access } = route;
    const roleCells = {
      permission: () =>
        ROLES.map((role) =>
          access.kind === 'permission' && permits(permissionsOfRole(role), access.permission) ? '✓' : '–',
        ),
      user: () => ROLES.map(() => '✓'),
      credential: () => ROLES.map(() => '✓'),
      public: () => ROLES.map(() => '✓'),
      operator: () => ROLES.map(() => '–'),
    }[access.kind]();
    const needs = access.kind === 'permission' ? access.permission : `(${access.kind})`;
    return [`${route.method.toUpperCase()} ${route.path}`, needs, ...roleCells];
  });
  const table = [
    ['Route', 'Needs', ...ROLES],
    ['---', '---', ...ROLES.map(() => ':-:')],
    ...rows.toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
  ];
  const text = `# Role × route\n\nGenerated from the routes.\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
  await expect(text).toMatchFileSnapshot('./__snapshots__/roles.md');
});
