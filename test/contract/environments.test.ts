import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/kernel/config/index.ts';
import {
  listBindings,
  type WranglerEnvironment,
  environments,
  listObjectClasses,
  wrangler,
} from './wrangler.ts';

const { development, ...deployed } = environments as Record<string, WranglerEnvironment> & {
  development: WranglerEnvironment;
};

/** The same text for environments that differ in the names of their resources and in the values of their variables. */
function normalizeEnvironment(name: string, environment: WranglerEnvironment): unknown {
  const stripSuffix = (text: string) => text.replace(new RegExp(`[-_]${name}$`), '');
  return JSON.parse(
    JSON.stringify({ ...environment, vars: Object.keys(environment.vars ?? {}).toSorted() }),
    (_key, value: unknown) => (typeof value === 'string' ? stripSuffix(value) : value),
  );
}

describe('the environments', () => {
  it('are development, staging and production', () => {
    expect(Object.keys(environments)).toEqual(['development', 'staging', 'production']);
    for (const [name, { vars }] of Object.entries(environments)) expect(vars?.ENVIRONMENT).toBe(name);
  });

  it.each(Object.entries(deployed))(
    '%s carries the bindings, variables, schedules and queues of development',
    (name, environment) => {
      expect(normalizeEnvironment(name, environment)).toEqual(
        normalizeEnvironment('development', development),
      );
    },
  );

  it('share no queue, bucket or data set with one another', () => {
    const resources = Object.values(environments).map(
      (environment) =>
        new Set(
          [...JSON.stringify(environment).matchAll(/"(?:queue|bucket_name|dataset)":"([^"]+)"/g)].map(
            (match) => match[1]!,
          ),
        ),
    );
    const all = resources.flatMap((each) => [...each]);
    expect(all.filter((each, index) => all.indexOf(each) !== index)).toEqual([]);
  });

  it.each(Object.entries(deployed))(
    '%s reaches nothing on this machine and nothing unencrypted',
    (_name, { vars }) => {
      const local = Object.entries(vars ?? {}).filter(([, value]) =>
        /localhost|127\.0\.0\.1|^(http|ws):/.test(value),
      );
      expect(local).toEqual([]);
    },
  );
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

  it.each(Object.entries(environments))(
    'stands in %s when it is declared, and only then',
    (_name, { vars }) => {
      const declared = Object.keys(shape).filter((name) => !isSecret(name));
      expect(Object.keys(vars ?? {}).toSorted()).toEqual(declared.toSorted());
    },
  );

  it.each(Object.entries(environments))('that is a secret does not stand in %s', (_name, { vars }) => {
    expect(Object.keys(vars ?? {}).filter(isSecret)).toEqual([]);
  });
});

describe('a binding', () => {
  const code = globSync(['workers/*.ts', 'workers/workflows/**/*.ts', 'durable-objects/**/*.ts'])
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

  it.each([...listBindings(development).keys()])('%s is used by a door', (name) => {
    expect(code).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each(listObjectClasses())('%s: the class is made by a migration and exported by the Worker', (name) => {
    const migratedClasses = (wrangler.migrations ?? []).flatMap((each) => [
      ...(each.new_sqlite_classes ?? []),
      ...(each.new_classes ?? []),
    ]);
    expect(migratedClasses.filter((each) => each === name)).toHaveLength(1);
    expect(readFileSync(wrangler.main, 'utf8')).toMatch(new RegExp(`export \\{[^}]*\\b${name}\\b`));
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
