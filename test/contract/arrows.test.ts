import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AUTHORITY_CHECKS, listCommits } from './arrows/commits.ts';
import { EXCEPTIONS } from './arrows/exceptions.ts';
import {
  findAllViolations,
  findStaleExceptions,
  findViolations,
  formatViolation,
} from './arrows/find-violations.ts';
import { findReached } from './arrows/reached.ts';
import * as rules from './arrows/rules.ts';
import { readSources } from './arrows/scan.ts';

type Files = Record<string, string>;
const sourcesOf = (files: Files) => new Map(Object.entries(files));

/** A module `b` of a later domain that owns the table `things`, and one of an earlier domain that owns `bases`. */
const THINGS = { 'src/rooms/b/b.tables.ts': "export const things = pgTable('things', {});" };
const BASES = { 'src/identity/a/a.tables.ts': "export const bases = pgTable('bases', {});" };

/** A table whose rows belong to a room by way of another one, and a query that selects it. */
const ROOMS = {
  'src/rooms/rooms/rooms.tables.ts': "export const rooms = pgTable('rooms', {});",
  'src/rooms/b/b.tables.ts':
    "export const books = pgTable('books', { roomId: id('room_id').references(() => rooms.id) });\n" +
    "export const notes = pgTable('notes', { bookId: id('book_id').references(() => books.id) });",
  'src/rooms/b/b.queries.ts':
    'const ofNotes = (q) => q.select().from(notes);\nexport const selectNotes = (q) => ofNotes(q).limit(1);',
};

/** For each rule the smallest source that breaks it, and the line of the violation. */
const VIOLATIONS: [rule: string, files: Files, line?: number][] = [
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
  [
    'only routes and platform/http import Hono, but for hono/html',
    { 'src/identity/a/a.ts': "import { Hono } from 'hono';" },
  ],
  [
    'only routes and platform/http import Hono, but for hono/html',
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
    { 'src/identity/a/a.ts': "import type { Rule } from '../b/b.rules.ts';" },
  ],
  [
    'a module is imported through its index',
    { 'workers/http.ts': "import { aRoutes } from '../src/identity/a/a.routes.ts';" },
  ],
  [
    'a module is imported through its index',
    { 'src/rooms/a/adapter/a.ts': "import type { A } from '../a.ports.ts';" },
  ],
  [
    'a module is imported through its index',
    { 'src/rooms/index.ts': "import { aModule } from '../identity/a/module.ts';" },
  ],
  ['domains point one way', { 'src/platform/a/a.ts': "import type { B } from '../../identity/b/index.ts';" }],
  [
    'domains point one way',
    {
      ...THINGS,
      'src/identity/a/a.tables.ts':
        "import { things } from '../../rooms/b/b.tables.ts';\n" +
        "export const as = pgTable('as', { b: text().references(() => things.id), c: things.kind });",
    },
  ],
  [
    'inside a module arrows point down',
    { 'src/identity/a/a.rules.ts': "\nimport { find } from './a.queries.ts';" },
    2,
  ],
  [
    'inside a module arrows point down',
    { 'src/identity/a/a.rules.ts': "import type { Row } from './a.queries.ts';" },
  ],
  [
    'inside a module arrows point down',
    {
      'src/identity/a/a.rules.ts': "import { make } from './make-a.ts';",
      'src/identity/a/make-a.ts': "import { createCtx } from '../../kernel/context/index.ts';",
    },
  ],
  ['inside a module arrows point down', { 'src/identity/a/make-a.ts': "import { a } from './index.ts';" }],
  ['inside a module arrows point down', { 'src/identity/a/index.ts': "export { a } from './module.ts';" }],
  [
    'inside a module arrows point down',
    { 'src/identity/a/a.events.ts': "import { present } from './a.routes.ts';" },
  ],
  [
    'schemas, enums, errors, rules and presenters are pure: no database, no HTTP, no context',
    { 'src/identity/a/a.rules.ts': "import { mustHold } from '../../kernel/db/index.ts';" },
  ],
  [
    'files import each other in no circle',
    {
      'src/identity/a/make-a.ts': "import { b } from './make-b.ts';",
      'src/identity/a/make-b.ts': "import { a } from './make-a.ts';",
    },
  ],
  [
    'modules import each other in no circle, types included',
    {
      'src/identity/a/a.ts': "import { b } from '../b/index.ts';",
      'src/identity/a/index.ts': "export { start } from './start.ts';",
      'src/identity/b/b.ts': "import type { Start } from '../a/index.ts';",
      'src/identity/b/index.ts': "export { other } from './other.ts';",
    },
  ],
  [
    'a folder of src is a domain of the list',
    { 'src/elsewhere/a/a.ts': "import { z } from 'zod';", 'src/elsewhere/a/b.ts': '' },
  ],
  [
    'SQL reads only tables of its own domain and of earlier ones',
    { ...THINGS, 'src/identity/a/a.queries.ts': '\n\nconst q = sql`exists (select from things t)`;' },
    3,
  ],
  [
    'SQL reads only tables of its own domain and of earlier ones',
    { ...THINGS, 'src/identity/a/a.queries.ts': 'q.execute(sql.raw("select 1 from x, things t"));' },
  ],
  [
    'SQL reads only tables of its own domain and of earlier ones',
    { ...THINGS, 'src/identity/a/find_a.sql': 'create function f() as $$\n select 1 from things $$;' },
    2,
  ],
  [
    'SQL calls only functions of its own domain and of earlier ones',
    {
      'src/rooms/b/count-bs.sql': 'create or replace function count_bs(b text) returns int',
      'src/identity/a/enter.sql': '-- count_bs(b) is for later domains\nselect count_bs(name);',
    },
    2,
  ],
  [
    'SQL calls only functions of its own domain and of earlier ones',
    {
      'src/rooms/b/count-bs.sql': 'create or replace function count_bs(b text) returns int',
      'src/identity/a/a.queries.ts': 'const q = sql`count_bs(${a})`;',
    },
  ],
  [
    'what belongs to a room is read for somebody to whom the room shows',
    {
      ...ROOMS,
      'src/rooms/b/read-bs.ts':
        "import { selectNotes } from './b.queries.ts';\nexport const listNotes = (ctx) => ctx.read((q) => [selectNotes(q)]);",
    },
    2,
  ],
  [
    'only the module that owns a table writes to it',
    {
      ...BASES,
      'src/rooms/b/b.queries.ts':
        "import { bases } from '../../identity/a/a.tables.ts';\nexport const f = (q) => q.insert(bases);",
    },
    2,
  ],
  [
    'only the module that owns a table writes to it',
    {
      ...BASES,
      'src/rooms/b/b.queries.ts':
        "import { bases as rows } from '../../identity/a/a.tables.ts';\nchangeVersioned(q, rows, row, {});",
    },
    2,
  ],
  [
    'only the module that owns a table writes to it',
    { ...BASES, 'src/rooms/b/b.queries.ts': 'q.execute(sql`with x as (delete from bases) select 1`);' },
  ],
  [
    'only the module that owns a table writes to it',
    {
      ...BASES,
      'src/rooms/b/b.queries.ts':
        "import { bases } from '../../identity/a/a.tables.ts';\nq.execute(sql`update ${bases} set x = 1`);",
    },
    2,
  ],
  [
    'only the module that owns a table writes to it',
    { ...BASES, 'src/rooms/b/take_b.sql': 'insert into bases values (1);' },
  ],
  [
    'a commit has an audit entry',
    {
      'src/rooms/b/make-b.ts':
        'export async function makeB(ctx) {\n  requireUser(ctx);\n  await ctx.commit({ write, events, result });\n}',
    },
    3,
  ],
  [
    'a commit has an audit entry',
    {
      'src/rooms/b/make-b.ts':
        'const makeB = (ctx) => requireUser(ctx) && ctx.commit({ ...change, result });',
    },
  ],
  [
    'a verb that commits checks the authority of the actor',
    {
      'src/rooms/b/make-b.ts':
        '// requireUser(ctx) would do\nexport const makeB = (ctx) => ctx.commit({ write, audit, result });',
    },
    2,
  ],
  [
    'a verb that commits checks the authority of the actor',
    {
      'src/rooms/b/make-b.ts':
        'export const makeB = (ctx) => requireUser(ctx) && ctx.commit({ write, audit, result });\n' +
        'export const wipeB = (ctx) => ctx.commit({ write, audit, result });',
    },
    2,
  ],
  [
    'a verb that commits checks the authority of the actor',
    {
      'src/rooms/b/make-b.ts':
        'const commitB = (ctx) => ctx.commit({ write, audit, result });\n' +
        'export const makeB = (ctx) => requireUser(ctx) && commitB(ctx);\n' +
        'export const wipeB = (ctx) => commitB(ctx);',
    },
  ],
  [
    'a verb commits through its context',
    { 'src/rooms/b/make-b.ts': 'requireUser(ctx);\nctx.database.commit(scope, (q) => []);' },
    2,
  ],
];

describe('the rules of imports, tables and commits', () => {
  it('hold everywhere in the product', () => {
    expect(findViolations(readSources()).map(formatViolation)).toEqual([]);
  });

  it.each(VIOLATIONS)('find a violation of "%s" in %j', (name, files, line = 1) => {
    const violations = findAllViolations(sourcesOf(files));
    expect(violations.map(({ rule }) => rule.name)).toEqual([name]);
    expect(violations[0]!.line).toBe(line);
  });

  it('take a check in a function that calls, or is called, within the file', () => {
    const calling =
      'const commitB = (ctx) => ctx.commit({ write, audit, result });\n' +
      'export const makeB = (ctx) => requireUser(ctx) && commitB(ctx);';
    const called =
      'const getB = (ctx) => requireUser(ctx);\n' +
      'export const makeB = (ctx) => getB(ctx) && ctx.commit({ write, audit, result });';
    for (const text of [calling, called])
      expect(findAllViolations(sourcesOf({ 'src/rooms/b/make-b.ts': text }))).toEqual([]);
  });

  it('take a read that asks for access to the room, or for the viewer', () => {
    const verb = (how: string) => ({
      'src/rooms/b/read-bs.ts': `import { selectNotes } from './b.queries.ts';\nexport const listNotes = (ctx) => ${how};`,
    });
    for (const how of [
      'requireRoomAccess(ctx, request, (q) => [selectNotes(q)])',
      'ctx.read((q) => [selectNotes(q, restrictedViewer(ctx.actor))])',
    ])
      expect(findAllViolations(sourcesOf({ ...ROOMS, ...verb(how) }))).toEqual([]);
  });

  it('take a commit that only subscriptions and scheduled tasks make', () => {
    const files = {
      'src/rooms/b/make-b.ts': 'export const makeB = (ctx) => ctx.commit({ write, result });',
      'src/rooms/b/index.ts': "export { makeB } from './make-b.ts';",
      'src/rooms/b/module.ts':
        "import { makeB } from './make-b.ts';\n" +
        "export const bModule = defineModule({ subscriptions: [subscribe(bAsked, 'b.make', makeB)] });",
    };
    expect(findAllViolations(sourcesOf(files))).toEqual([]);
    const route = "import { makeB } from '../b/index.ts';\nexport const cRoutes = [defineRoute({ makeB })];";
    const names = findAllViolations(sourcesOf({ ...files, 'src/rooms/c/c.routes.ts': route })).map(
      ({ rule }) => rule.name,
    );
    expect(names).toEqual([rules.COMMIT_IS_AUDITED.name, rules.COMMIT_HAS_AUTHORITY.name]);
  });

  // The rule does not ask the system for audit entries. So none that it writes is lost without a reader of this number.
  it('leave the system its audit entries, the number of which only rises', () => {
    const sources = readSources();
    const audited = listCommits(sources, findReached(sources)).filter(
      ({ isOfSystem, isAudited }) => isOfSystem && isAudited,
    );
    expect(audited.length).toBeGreaterThanOrEqual(37);
  });

  it('are each broken by one of the examples', () => {
    const texts = [
      ...rules.ARROW_RULES,
      ...Object.values(rules).filter((rule) => typeof rule === 'object' && 'name' in rule),
    ];
    const broken = new Set(VIOLATIONS.map(([name]) => name));
    expect(texts.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  it('say where, what, how to repair it and where it is explained', () => {
    const [violation] = findAllViolations(
      sourcesOf({ 'src/identity/a/a.ts': "import { Hono } from 'hono';" }),
    );
    expect(formatViolation(violation!).split('\n')).toEqual([
      'src/identity/a/a.ts:1 -> hono',
      '  rule:   only routes and platform/http import Hono, but for hono/html',
      expect.stringMatching(/^ {2}remedy: \w/),
      '  see:    src/README.md#arrows',
    ]);
  });

  it('refer to sections that exist', () => {
    const texts = [
      ...rules.ARROW_RULES,
      rules.KNOWN_DOMAIN,
      rules.OWNER_WRITES,
      rules.READ_EARLIER_TABLES,
      rules.COMMIT_IS_AUDITED,
    ];
    for (const page of new Set(texts.map((rule) => rule.page))) {
      const [path, anchor] = page.split('#') as [string, string];
      const anchors = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(anchors, page).toContain(anchor);
    }
  });
});

describe('the exceptions', () => {
  it('are all still needed', () => {
    expect(findStaleExceptions(readSources())).toEqual([]);
  });

  it('name only checks of authority that exist', () => {
    const text = [...readSources().values()].join('\n');
    const isDefined = (name: string) => new RegExp(String.raw`(?:function|const) ${name}\b`).test(text);
    expect(AUTHORITY_CHECKS.filter((name) => !isDefined(name))).toEqual([]);
  });

  it('give a reason each', () => {
    expect(EXCEPTIONS.filter(({ reason }) => reason.length < 30)).toEqual([]);
  });

  it('cover only what they name', () => {
    const sources = sourcesOf({
      ...BASES,
      'src/rooms/b/b.queries.ts': 'q.execute(sql`delete from bases`);',
      'src/rooms/c/c.queries.ts': 'q.execute(sql`delete from bases`);',
    });
    const exception = {
      rule: rules.OWNER_WRITES.name,
      from: 'src/rooms/b/b.queries.ts',
      to: 'bases',
      reason: '',
    };
    expect(findViolations(sources, [exception]).map(({ from }) => from)).toEqual([
      'src/rooms/c/c.queries.ts',
    ]);
    expect(findStaleExceptions(sources, [exception, { ...exception, to: 'others' }])).toHaveLength(1);
  });
});

it('the rules permit what the architecture permits', () => {
  const sources = sourcesOf({
    ...THINGS,
    'src/identity/a/a.tables.ts':
      "import { text } from 'drizzle-orm/pg-core';\nimport { b } from '../b/b.tables.ts';\n" +
      "import { things } from '../../rooms/b/b.tables.ts';\n" +
      "export const as = pgTable('as', { thing: text().references((): AnyPgColumn => things.id), b });",
    'src/identity/b/b.tables.ts': "import { id } from '../../kernel/db/index.ts';",
    'src/identity/a/make-a.ts': "import { find } from './a.queries.ts'; import { b } from '../b/index.ts';",
    'src/identity/a/create-a.ts': 'requireUser(ctx); ctx.commit({ write, audit, result });',
    'src/kernel/context/commit.ts': 'database.commit(scope, write);',
    'src/identity/a/a.queries.ts':
      "import { b } from '../b/b.tables.ts'; import { as } from './a.tables.ts';\n" +
      'export const f = (q) => q.update(as); const g = sql`insert into as select things, x from as a`;',
    'src/identity/b/b.queries.ts': "import { a } from '../a/a.tables.ts';",
    'src/identity/a/a.rules.ts': "import { WORDS } from './words.ts';",
    'src/identity/a/words.ts': "export const WORDS = ['a'];",
    'src/identity/a/a.present.ts': "import type { Row } from './a.queries.ts';",
    'src/identity/a/a.routes.ts': "import { moreRoutes } from './more.routes.ts';",
    'src/identity/a/a.schemas.ts': "import { z } from '@hono/zod-openapi';",
    'src/identity/a/module.ts': "import { aRoutes } from './a.routes.ts';",
    'src/identity/index.ts': "import { aModule } from './a/module.ts';",
    'src/rooms/b/b.queries.ts':
      "import { as } from '../../identity/a/a.tables.ts';\nconst q = sql`select from as join things t`;",
    'src/platform/http/app.ts': "import { Hono } from 'hono';",
    'workers/local/mail/mail-page.ts': "import { html } from 'hono/html';",
    'workers/http.ts':
      "import type { Hono } from 'hono'; import { identity } from '../src/identity/index.ts';",
    'workers/local/seed.ts': "import { as } from '../../src/identity/a/a.tables.ts'; q.insert(as);",
  });
  expect(findAllViolations(sources).map(formatViolation)).toEqual([]);
});

it('imports and tables in strings and comments do not count', () => {
  const text = "// import 'cloudflare:workers'\nconst text = `from 'hono' insert into things`;";
  expect(findAllViolations(sourcesOf({ ...THINGS, 'src/identity/a/a.ts': text }))).toEqual([]);
});
