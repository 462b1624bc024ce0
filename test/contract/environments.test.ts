import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/kernel/config/index.ts';
import { development, environments, listBindings, listObjectClasses } from './wrangler.ts';

const deployed = Object.entries(environments).filter(([name]) => name !== 'development');

/** The keys whose texts say what something is; every other text in a binding names a resource. */
const KINDS = new Set(['binding', 'class_name', 'name', 'type']);
/** Sections that bind nothing, and Durable Objects and their containers, which belong to the Worker itself. */
const WITHOUT_RESOURCES = new Set([
  'vars',
  'containers',
  'durable_objects',
  'migrations',
  'triggers',
  'assets',
  'build',
]);

/** Every text below a node but those under the keys of `KINDS` and the members of lists. */
function listTexts(node: unknown): string[] {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (typeof value !== 'string') return listTexts(value);
    return Array.isArray(node) || KINDS.has(key) ? [] : [value];
  });
}

/** The name of every resource that an environment's bindings reach. */
const listResources = (config: object): string[] => [
  ...new Set(
    Object.entries(config).flatMap(([section, value]) =>
      WITHOUT_RESOURCES.has(section) ? [] : listTexts(value),
    ),
  ),
];

describe('the environments', () => {
  it('are development, staging and production, each with its name in ENVIRONMENT', () => {
    expect(Object.keys(environments)).toEqual(['development', 'staging', 'production']);
    for (const [name, { vars }] of Object.entries(environments)) expect(vars?.ENVIRONMENT).toBe(name);
  });

  it('send requests to hosts in our own zone from outside, so that no address of a customer reaches behind its protection', () => {
    for (const { compatibility_flags: flags } of Object.values(environments))
      expect(flags).toContain('global_fetch_strictly_public');
  });

  it.each(deployed)(
    '%s differs from development in names of resources, values of variables and the binding to models of the platform only',
    (name, config) => {
      const { dev: _developmentOnly, ...expected } = development;
      const stripped = JSON.parse(JSON.stringify(config), (_key, value: unknown) =>
        typeof value === 'string' ? value.replace(new RegExp(`[-_]${name}$`), '') : value,
      ) as typeof config;
      expect({ ...stripped, vars: Object.keys(stripped.vars ?? {}) }).toEqual({
        ...expected,
        ai: { binding: 'AI' },
        vars: Object.keys(expected.vars ?? {}),
      });
    },
  );

  it('share no queue, bucket, data set or other resource', () => {
    expect(listResources(development)).toContain('auralink-outbox');
    const all = Object.values(environments).flatMap(listResources);
    expect(all.filter((each, index) => all.indexOf(each) !== index)).toEqual([]);
  });

  it('have Workers of different names', () => {
    const names = Object.values(environments).map(({ name }) => name);
    expect(names).toEqual(['auralink', 'auralink-staging', 'auralink-production']);
  });

  it.each(deployed)('%s reaches nothing on this machine and nothing unencrypted', (_name, { vars }) => {
    const local = Object.entries(vars ?? {}).filter(([, value]) =>
      /localhost|127\.0\.0\.1|^(http|ws):/.test(value),
    );
    expect(local).toEqual([]);
  });
});

describe('a variable', () => {
  const { shape } = configSchema;
  const isSecret = (name: string) =>
    (shape as Record<string, { description?: string }>)[name]?.description?.startsWith('Secret.') === true;

  it('is described where it is declared', () => {
    const undescribed = Object.entries(shape).filter(
      ([, schema]) => !(schema as { description?: string }).description,
    );
    expect(undescribed.map(([name]) => name)).toEqual([]);
  });

  it.each(Object.entries(environments))('is set in %s exactly when it is declared', (_name, { vars }) => {
    const declared = Object.keys(shape).filter((name) => !isSecret(name));
    expect(Object.keys(vars ?? {}).toSorted()).toEqual(declared.toSorted());
  });

  it.each(Object.entries(environments))('that is a secret is not set in %s', (_name, { vars }) => {
    expect(Object.keys(vars ?? {}).filter(isSecret)).toEqual([]);
  });
});

describe('a binding', () => {
  const code = globSync(['workers/*.ts', 'workers/workflows/**/*.ts', 'durable-objects/**/*.ts'])
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

  it.each([...listBindings(development).keys()])('%s is used by an entrypoint', (name) => {
    expect(code).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each(listObjectClasses())('%s: the class is made by a migration and exported by the Worker', (name) => {
    const migratedClasses = (development.migrations ?? []).flatMap((each) => [
      ...(each.new_sqlite_classes ?? []),
      ...(each.new_classes ?? []),
    ]);
    expect(migratedClasses.filter((each) => each === name)).toHaveLength(1);
    expect(readFileSync(development.main, 'utf8')).toMatch(new RegExp(`export \\{[^}]*\\b${name}\\b`));
  });

  it('of a queue that is consumed is produced to, or is its dead letter', () => {
    const { producers = [], consumers = [] } = development.queues ?? {};
    const producedQueues = [
      ...producers.map(({ queue }) => queue),
      ...consumers.map((each) => (each as { dead_letter_queue?: string }).dead_letter_queue),
    ];
    expect(consumers.filter(({ queue }) => !producedQueues.includes(queue))).toEqual([]);
  });
});
