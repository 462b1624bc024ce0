import { capitalize, type ModuleNames, withArticle } from './module-names.ts';
import { buildTest } from './module-tests.ts';

/** The files of a new module by their paths from the root: the pattern of `src/README.md` with one verb. */
export function buildModuleFiles(names: ModuleNames): Record<string, string> {
  const folder = `src/${names.domain}/${names.name}`;
  return {
    [`${folder}/README.md`]: buildReadme(names),
    [`${folder}/module.ts`]: buildManifest(names),
    [`${folder}/index.ts`]: `export * from './${names.name}.events.ts';\n`,
    [`${folder}/${names.name}.schemas.ts`]: buildSchemas(names),
    [`${folder}/${names.name}.errors.ts`]: buildErrors(names),
    [`${folder}/${names.name}.events.ts`]: buildEvents(names),
    [`${folder}/${names.name}.tables.ts`]: buildTables(names),
    [`${folder}/${names.name}.queries.ts`]: buildQueries(names),
    [`${folder}/${names.name}.rules.ts`]: buildRules(),
    [`${folder}/${names.name}.present.ts`]: buildPresenter(names),
    [`${folder}/create-${names.file}.ts`]: buildVerb(names),
    [`${folder}/${names.name}.routes.ts`]: buildRoutes(names),
    [`test/${names.domain}/${names.name}/${names.name}.test.ts`]: buildTest(names),
  };
}

const buildReadme = ({
  name,
  type,
  singular,
  noun,
  table,
}: ModuleNames) => `# ${capitalize(name.replaceAll('-', ' '))}

What ${withArticle(noun)} is, in one sentence.

## Nouns

- **${capitalize(noun)}**: has a name.

## Invariants

- The name of ${withArticle(noun)} is unique in its organization (\`${table}_name_key\`).

## Verbs

| verb | does | errors |
|---|---|---|
| \`create${type}\` | creates ${withArticle(noun)} | \`${table}.name_taken\`, \`auth.forbidden\` |

## Events and tables

Event: \`${table.replace(/s$/, '')}.created\` (\`${singular}Created\`). Table: \`${table}\`.
`;

const buildManifest = ({
  domain,
  name,
  plural,
  singular,
  table,
}: ModuleNames) => `import { defineModule } from '../../kernel/modules/index.ts';
import { ${singular}Events } from './${name}.events.ts';
import { ${singular}Routes } from './${name}.routes.ts';

export const ${plural}Module = defineModule({
  name: '${domain}/${name}',
  events: ${singular}Events,
  routes: ${singular}Routes,
  retention: { ${table}: { rule: 'cascade', how: 'with its organization' } },
});
`;

const buildSchemas = ({ singular, type, noun }: ModuleNames) => `import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';

export const ${singular}IdSchema = idSchema('${singular}').describe('Id of the ${noun}.');

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe('Name that people see, 1 to 100 characters.');

export const create${type}Schema = z.strictObject({ name }).openapi('Create${type}');
export type Create${type} = z.output<typeof create${type}Schema>;

export const ${singular}Schema = z
  .object({
    id: ${singular}IdSchema,
    name,
    createdAt: z.iso.datetime().describe('When the ${noun} was created.'),
    updatedAt: z.iso.datetime().describe('When the ${noun} was last changed.'),
  })
  .openapi('${type}');
export type ${type}View = z.output<typeof ${singular}Schema>;

export const ${singular}Example: ${type}View = {
  id: exampleId('${singular}'),
  name: 'First',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
`;

const buildErrors = ({
  singular,
  noun,
  table,
}: ModuleNames) => `import { defineErrors } from '../../kernel/core/index.ts';

export const ${singular}Errors = defineErrors('${table}', {
  nameTaken: { status: 409, title: 'Another ${noun} has this name' },
});
`;

const buildEvents = ({ name, singular, noun, table }: ModuleNames) => `import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { ${singular}IdSchema } from './${name}.schemas.ts';

export const ${singular}Created = defineEvent({
  type: '${table.replace(/s$/, '')}.created',
  description: '${capitalize(withArticle(noun))} was created.',
  payload: z.strictObject({ ${singular}Id: ${singular}IdSchema }),
  example: { ${singular}Id: exampleId('${singular}') },
  key: ({ ${singular}Id }) => ${singular}Id,
});

export const ${singular}Events = [${singular}Created];
`;

const buildTables = ({
  domain,
  plural,
  table,
}: ModuleNames) => `import { pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '${domain === 'identity' ? '..' : '../../identity'}/organizations/organizations.tables.ts';
import { createdAt, id, updatedAt, version } from '../../kernel/db/index.ts';

export const ${plural} = pgTable(
  '${table}',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [uniqueIndex('${table}_name_key').on(t.organizationId, t.name)],
);
`;

const buildQueries = ({
  name,
  plural,
  singular,
  type,
}: ModuleNames) => `import type { Queries } from '../../kernel/db/index.ts';
import { ${plural} } from './${name}.tables.ts';

export type ${type} = typeof ${plural}.$inferSelect;

export function insert${type}(q: Queries, ${singular}: ${type}) {
  return q.insert(${plural}).values(${singular});
}
`;

const buildRules = () => `/** A name with single spaces, so that names which look alike are equal. */
export const normalizeName = (name: string): string => name.replaceAll(/\\s+/g, ' ');
`;

const buildPresenter = ({
  name,
  singular,
  type,
  noun,
}: ModuleNames) => `import type { ${type} } from './${name}.queries.ts';
import type { ${type}View } from './${name}.schemas.ts';

/** ${capitalize(withArticle(noun))} as the API shows it. Field by field: a new column stays private until it is listed here. */
export const present${type} = (${singular}: ${type}): ${type}View => ({
  id: ${singular}.id,
  name: ${singular}.name,
  createdAt: ${singular}.createdAt.toISOString(),
  updatedAt: ${singular}.updatedAt.toISOString(),
});
`;

const buildVerb = ({
  name,
  singular,
  type,
  noun,
  table,
}: ModuleNames) => `import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { ${singular}Errors } from './${name}.errors.ts';
import { ${singular}Created } from './${name}.events.ts';
import { insert${type}, type ${type} } from './${name}.queries.ts';
import { normalizeName } from './${name}.rules.ts';
import type { Create${type} } from './${name}.schemas.ts';

/**
 * Creates ${withArticle(noun)}.
 * @throws AppError \`${table}.name_taken\` or, without \`${name}:write\`, \`auth.forbidden\`
 */
export async function create${type}(ctx: Ctx, input: Create${type}): Promise<${type}> {
  requirePermission(ctx.actor, '${name}:write');
  const now = new Date(ctx.clock.now());
  const ${singular}: ${type} = {
    id: ctx.ids.create('${singular}'),
    organizationId: ctx.organizationId,
    name: normalizeName(input.name),
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => [insert${type}(q, ${singular})],
    audit: {
      action: '${table.replace(/s$/, '')}.created',
      target: { type: '${singular}', id: ${singular}.id },
      after: { name: ${singular}.name },
    },
    events: [${singular}Created.of({ ${singular}Id: ${singular}.id })],
    conflicts: { ${table}_name_key: ${singular}Errors.nameTaken },
    result: ${singular},
  });
}
`;

const buildRoutes = ({
  name,
  file,
  singular,
  type,
  noun,
}: ModuleNames) => `import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { create${type} } from './create-${file}.ts';
import { ${singular}Errors } from './${name}.errors.ts';
import { present${type} } from './${name}.present.ts';
import { create${type}Schema, ${singular}Example, ${singular}Schema } from './${name}.schemas.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    ${name.includes('-') ? `'${name}'` : name}: 'read' | 'write';
  }
}

const path = '/api/v1/${name}';

export const ${singular}Routes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'create${type}',
    tag: '${capitalize(name.replaceAll('-', ' '))}',
    summary: 'Create ${withArticle(noun)}',
    description: 'Creates ${withArticle(noun)} in the organization.',
    access: { kind: 'permission', permission: '${name}:write' },
    limit: 'api',
    body: { schema: create${type}Schema, example: { name: 'First' } },
    idempotent: true,
    success: { 201: { description: 'The ${noun}', schema: ${singular}Schema, example: ${singular}Example } },
    errors: [${singular}Errors.nameTaken],
    handle: (ctx, { body }) => create${type}(ctx, body),
    respond: (${singular}) =>
      created(present${type}(${singular}), \`\${path}/\${${singular}.id}\`, ${singular}.version),
  }),
];
`;
