import { describe, expect, it } from 'vitest';
import { findViolations } from './arrows/rules.ts';
import { listArrows, readSources } from './arrows/scan.ts';

const findViolationsIn = (files: Record<string, string>) =>
  findViolations(listArrows(new Map(Object.entries(files))));

/** For each rule the least that breaks it, and how much may stand beside it. */
const VIOLATIONS: [rule: string, files: Record<string, string>][] = [
  [
    'src imports only src and packages',
    { 'src/identity/a/a.ts': "import { DurableObject } from 'cloudflare:workers';" },
  ],
  [
    'src imports only src and packages',
    { 'src/identity/a/a.ts': "import type { Env } from '../../../workers/context.ts';" },
  ],
  [
    'src imports only src and packages',
    { 'src/identity/a/a.ts': "export { stub } from '../../../durable-objects/stubs.ts';" },
  ],
  [
    'durable-objects import only themselves, src and packages',
    { 'durable-objects/a.ts': "import { servicesOf } from '../workers/context.ts';" },
  ],
  [
    'only workers/local and workers/ops import each other',
    { 'workers/index.ts': "const seed = await import('./local/seed.ts');" },
  ],
  [
    'only workers/local and workers/ops import each other',
    { 'workers/index.ts': "import { applyMigrations } from './ops/migrate.ts';" },
  ],
  ['only routes and platform/http import Hono', { 'src/identity/a/a.ts': "import { Hono } from 'hono';" }],
  [
    'only routes and platform/http import Hono',
    { 'src/identity/a/a.ts': "import { cors } from 'hono/cors';" },
  ],
  [
    'only tables, queries and kernel/db import Drizzle',
    { 'src/identity/a/make-a.ts': "import type { SQL } from 'drizzle-orm';" },
  ],
  [
    'a module is imported through its index',
    { 'src/identity/a/a.ts': "import { rule } from '../b/b.rules.ts';" },
  ],
  [
    'a module is imported through its index',
    { 'workers/http.ts': "import { aRoutes } from '../src/identity/a/a.routes.ts';" },
  ],
  ['domains point one way', { 'src/platform/a/a.ts': "import type { B } from '../../identity/b/index.ts';" }],
  [
    'inside a module arrows point down',
    { 'src/identity/a/a.rules.ts': "import { find } from './a.queries.ts';" },
  ],
  [
    'inside a module arrows point down',
    {
      'src/identity/a/a.rules.ts': "import { make } from './make-a.ts';",
      'src/identity/a/make-a.ts': "import { createCtx } from '../../kernel/context/index.ts';",
    },
  ],
  ['inside a module arrows point down', { 'src/identity/a/make-a.ts': "import { a } from './index.ts';" }],
  [
    'inside a module arrows point down',
    { 'src/identity/a/a.jobs.ts': "import { present } from './a.routes.ts';" },
  ],
  [
    'schemas, errors, rules and protocols are pure: no database, no HTTP, no context',
    { 'src/identity/a/a.rules.ts': "import { mustHold } from '../../kernel/db/index.ts';" },
  ],
  [
    'no circle of files',
    {
      'src/identity/a/make-a.ts': "import { b } from './make-b.ts';",
      'src/identity/a/make-b.ts': "import { a } from './make-a.ts';",
    },
  ],
  [
    'no circle of rooms',
    {
      'src/identity/a/a.ts': "import { b } from '../b/index.ts';",
      'src/identity/a/index.ts': "export { start } from './start.ts';",
      'src/identity/b/b.ts': "import { start } from '../a/index.ts';",
      'src/identity/b/index.ts': "export { other } from './other.ts';",
    },
  ],
  ['src/elsewhere is not a domain', { 'src/elsewhere/a/a.ts': "import { z } from 'zod';" }],
];

describe('import arrows', () => {
  it('point where the architecture says, everywhere in the product', () => {
    expect(findViolations(listArrows(readSources()))).toEqual([]);
  });

  it.each(VIOLATIONS)('the checker bites: %s (%j)', (rule, files) => {
    const violations = findViolationsIn(files);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(rule);
  });

  it('lets stand what the architecture allows', () => {
    expect(
      findViolationsIn({
        'src/identity/a/a.tables.ts':
          "import { text } from 'drizzle-orm/pg-core'; import { b } from '../b/b.tables.ts';",
        'src/identity/b/b.tables.ts': "import { id } from '../../kernel/db/index.ts';",
        'src/identity/a/make-a.ts':
          "import { find } from './a.queries.ts'; import { b } from '../b/index.ts';",
        'src/identity/b/make-b.ts': "import type { A } from '../a/index.ts';",
        'src/identity/a/a.queries.ts': "import { b } from '../b/b.tables.ts';",
        'src/identity/b/b.queries.ts': "import { a } from '../a/a.tables.ts';",
        'src/identity/a/a.rules.ts': "import { WORDS } from './words.ts';",
        'src/identity/a/words.ts': "export const WORDS = ['a'];",
        'src/identity/a/a.routes.ts': "import { moreRoutes } from './more.routes.ts';",
        'src/identity/a/a.schemas.ts': "import { z } from '@hono/zod-openapi';",
        'src/platform/http/app.ts': "import { Hono } from 'hono';",
        'workers/http.ts': "import type { Hono } from 'hono';",
        'workers/local/seed.ts': "import { a } from '../../src/identity/a/a.tables.ts';",
      }),
    ).toEqual([]);
  });

  it('are not seen in strings and comments', () => {
    expect(
      findViolationsIn({
        'src/identity/a/a.ts': "// import 'cloudflare:workers'\nconst text = `from 'hono'`;",
      }),
    ).toEqual([]);
  });
});
