import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

type TomlTable = Record<string, unknown>;

/** What one environment of `wrangler.toml` carries. */
export interface WranglerEnvironment extends TomlTable {
  vars?: Record<string, string>;
  triggers?: { crons?: string[] };
  durable_objects?: { bindings?: { name: string; class_name: string }[] };
  queues?: { producers?: { binding: string; queue: string }[]; consumers?: { queue: string }[] };
  migrations?: { tag: string; new_sqlite_classes?: string[]; new_classes?: string[] }[];
}

export const wrangler = parse(readFileSync('wrangler.toml', 'utf8')) as WranglerEnvironment & {
  main: string;
  env: Record<string, WranglerEnvironment>;
};

/** Settings of the Worker as a whole, which environments inherit. */
const INHERITED = [
  'name',
  'main',
  'build',
  'assets',
  'compatibility_date',
  'compatibility_flags',
  'send_metrics',
  'keep_names',
  'minify',
  'upload_source_maps',
  'dev',
  'observability',
  'migrations',
  'placement',
  'limits',
  'rules',
  'env',
];

/** Development, staging and production, each with what it carries itself. */
export const environments: Record<string, WranglerEnvironment> = {
  development: Object.fromEntries(
    Object.entries(wrangler).filter(([key]) => !INHERITED.includes(key)),
  ) as WranglerEnvironment,
  ...wrangler.env,
};

/** Every binding of an environment by its name, with the key that it stands under. */
export function listBindings(environment: WranglerEnvironment): Map<string, string> {
  const bindings = new Map<string, string>();
  const walk = (node: unknown, at: string): void => {
    if (Array.isArray(node)) for (const each of node) walk(each, at);
    else if (node !== null && typeof node === 'object') {
      const { binding, name } = node as { binding?: unknown; name?: unknown };
      if (typeof binding === 'string') bindings.set(binding, at);
      else if (typeof name === 'string' && at.endsWith('bindings')) bindings.set(name, at);
      for (const [key, value] of Object.entries(node))
        if (key !== 'vars') walk(value, at ? `${at}.${key}` : key);
    }
  };
  walk(environment, '');
  return bindings;
}

export const listObjectClasses = (): string[] =>
  (environments.development!.durable_objects?.bindings ?? []).map((each) => each.class_name);

/** Everything that keeps data outside of Postgres: bindings of other kinds, and live objects by their class. */
export const listStores = (): string[] => [
  ...[...listBindings(environments.development!)]
    .filter(([, at]) => at !== 'durable_objects.bindings')
    .map(([name]) => name),
  ...listObjectClasses(),
];
