import { buildErrors, buildEvents, buildQueries, buildSchemas, buildTables } from './module-definitions.ts';
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
  subject,
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

Event: \`${subject}.created\` (\`${singular}Created\`). Table: \`${table}\`.
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

function buildVerb(names: ModuleNames): string {
  const { name, singular, type, noun, table, subject } = names;
  return `import type { Ctx } from '../../kernel/context/index.ts';
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
      action: '${subject}.created',
      target: { type: '${singular}', id: ${singular}.id },
      after: { name: ${singular}.name },
    },
    events: [${singular}Created.of({ ${singular}Id: ${singular}.id })],
    conflicts: { ${table}_name_key: ${singular}Errors.nameTaken },
    result: ${singular},
  });
}
`;
}

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
