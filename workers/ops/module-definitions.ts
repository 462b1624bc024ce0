import { capitalize, type ModuleNames, withArticle } from './module-names.ts';

// The files of a new module that define what its verbs take, store, publish and refuse.

/** The schemas of the API. */
export const buildSchemas = ({ singular, type, noun }: ModuleNames) => `import { z } from '@hono/zod-openapi';
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

/** The errors of its verbs. */
export const buildErrors = ({
  singular,
  noun,
  table,
}: ModuleNames) => `import { defineErrors } from '../../kernel/core/index.ts';

export const ${singular}Errors = defineErrors('${table}', {
  nameTaken: { status: 409, title: 'Another ${noun} has this name' },
});
`;

/** The events that its commits publish. */
export const buildEvents = ({
  name,
  singular,
  noun,
  subject,
}: ModuleNames) => `import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { ${singular}IdSchema } from './${name}.schemas.ts';

export const ${singular}Created = defineEvent({
  type: '${subject}.created',
  description: '${capitalize(withArticle(noun))} was created.',
  payload: z.strictObject({ ${singular}Id: ${singular}IdSchema }),
  example: { ${singular}Id: exampleId('${singular}') },
  key: ({ ${singular}Id }) => ${singular}Id,
});

export const ${singular}Events = [${singular}Created];
`;

/** Its rows in the database. */
export const buildTables = ({
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

/** The statements of its verbs. */
export const buildQueries = ({
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
