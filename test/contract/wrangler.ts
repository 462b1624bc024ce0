import {
  DEPLOYED_ENVIRONMENTS,
  deriveConfig,
  readConfig,
  type WranglerConfig,
} from '../../workers/ops/environments.ts';

/** The configuration of one environment. */
export interface WranglerEnvironment extends WranglerConfig {
  triggers?: { crons?: string[] };
  durable_objects?: { bindings?: { name: string; class_name: string }[] };
  queues?: { producers?: { binding: string; queue: string }[]; consumers?: { queue: string }[] };
  migrations?: { tag: string; new_sqlite_classes?: string[]; new_classes?: string[] }[];
}

export const development = (await readConfig('.')) as WranglerEnvironment;

/** Development, staging and production. */
export const environments: Record<string, WranglerEnvironment> = {
  development,
  ...Object.fromEntries(
    DEPLOYED_ENVIRONMENTS.map((name) => [name, deriveConfig(development, name) as WranglerEnvironment]),
  ),
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
  (development.durable_objects?.bindings ?? []).map((each) => each.class_name);

/** Everything that keeps data outside of Postgres: bindings, but for static files, and Durable Objects by class. */
export const listStores = (): string[] => [
  ...[...listBindings(development)]
    .filter(([, at]) => at !== 'durable_objects.bindings' && at !== 'assets')
    .map(([name]) => name),
  ...listObjectClasses(),
];
