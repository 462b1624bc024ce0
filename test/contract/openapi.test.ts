import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { permissionsOfRole, ROLES } from '../../src/identity/access/index.ts';
import { permits } from '../../src/kernel/core/index.ts';
import { routes } from '../../workers/http.ts';
import { type Baseline, formatBaseline, reduceContract } from './api/baseline.ts';
import { listUnannounced } from './api/changelog.ts';
import { findBreakingChanges } from './api/compare-contracts.ts';
import { renderContract } from './api/contract-text.ts';
import { buildDocument } from './api/document.ts';
import { BASELINE_FILE, getTextFile, listTextFiles } from './api/files.ts';
import { buildMessages } from './api/messages.ts';

const document = buildDocument();
const messages = buildMessages();
const RENEW = 'renew it with: npm run check:contract -- --update';

it('the OpenAPI document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(
    structuredClone(document) as unknown as Record<string, unknown>,
  );
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

it('the contract reads as in the snapshots', async () => {
  const texts = renderContract(document, routes, messages);
  for (const [name, text] of texts)
    await expect(text, RENEW).toMatchFileSnapshot(`../../${getTextFile(name)}`);
  expect(listTextFiles(), RENEW).toEqual([...texts.keys()].map(getTextFile).toSorted());
});

it('the contract breaks nothing that landed before, unless the changelog announces it', () => {
  const baseline = JSON.parse(readFileSync(BASELINE_FILE, 'utf8')) as Baseline;
  const breaking = findBreakingChanges(baseline, reduceContract(document, messages));
  expect(listUnannounced(breaking, readFileSync('CHANGELOG.md', 'utf8'))).toEqual([]);
});

it('the baseline for the next comparison is the contract as it is', () => {
  expect(
    formatBaseline(reduceContract(document, messages)) === readFileSync(BASELINE_FILE, 'utf8'),
    RENEW,
  ).toBe(true);
});

it('each role may call the routes that the snapshot lists', async () => {
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
