import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parse } from 'smol-toml';
import { CommandError } from '../local/command-error.ts';

/** The parts of Wrangler's configuration that are read here; the rest is passed on as it is. */
export interface WranglerConfig extends Record<string, unknown> {
  name: string;
  main: string;
  assets?: { directory: string };
  /** Their names follow from that of the Worker. */
  containers?: { image: string }[];
  vars?: Record<string, string>;
}

/** The variables of each deployed environment that differ from `wrangler.toml`. */
const ENVIRONMENT_VARS = {
  staging: {
    ENVIRONMENT: 'staging',
    PUBLIC_URL: 'https://staging.auralink.example',
    CORS_ORIGINS: 'https://staging-app.auralink.example',
    APP_URL: 'https://staging-app.auralink.example',
    MAIL_FROM: 'AuraLink <no-reply@mail.auralink.example>',
    MAIL_API_URL: 'https://mail.auralink.example',
    LIVEKIT_URL: 'wss://staging-media.auralink.example',
    COMPRESSION_INSTANCES: '1',
  },
  production: {
    ENVIRONMENT: 'production',
    PUBLIC_URL: 'https://api.auralink.example',
    CORS_ORIGINS: 'https://app.auralink.example',
    APP_URL: 'https://app.auralink.example',
    MAIL_FROM: 'AuraLink <no-reply@mail.auralink.example>',
    MAIL_API_URL: 'https://mail.auralink.example',
    LIVEKIT_URL: 'wss://media.auralink.example',
    COMPRESSION_INSTANCES: '4',
    LOG_SAMPLE_RATE: '0.1',
  },
} satisfies Record<string, Record<string, string>>;

export type DeployedEnvironment = keyof typeof ENVIRONMENT_VARS;
export const DEPLOYED_ENVIRONMENTS = Object.keys(ENVIRONMENT_VARS) as DeployedEnvironment[];

/** The keys that name a resource of the account; each environment has resources of its own. */
const SEPARATORS: Record<string, string> = {
  queue: '-',
  dead_letter_queue: '-',
  bucket_name: '-',
  dataset: '_', // Analytics Engine takes no hyphen
};

/** Appends the environment to the name of every resource: `auralink-outbox` becomes `auralink-outbox-staging`. */
function suffixResources(node: unknown, environment: string): unknown {
  if (Array.isArray(node)) return node.map((each) => suffixResources(each, environment));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const separator = SEPARATORS[key];
      return separator !== undefined && typeof value === 'string'
        ? [key, `${value}${separator}${environment}`]
        : [key, suffixResources(value, environment)];
    }),
  );
}

/** The configuration of a deployed environment: the one of development with other names and variables. */
export function deriveConfig(
  { dev: _developmentOnly, vars = {}, name, ...shared }: WranglerConfig,
  environment: DeployedEnvironment,
): WranglerConfig {
  return {
    ...(suffixResources(shared, environment) as Omit<WranglerConfig, 'name'>),
    name: `${name}-${environment}`,
    main: shared.main,
    // Development has none: each request would need an account.
    ai: { binding: 'AI' },
    vars: { ...vars, ...ENVIRONMENT_VARS[environment] },
  };
}

/** A host below `.example`, a domain that has no owner: in an address or a mail address. */
const PLACEHOLDER = /\.example(?![\w.-])/;

/** @throws CommandError naming each variable that still has a host of the repository's examples */
export function requireOwnHosts({ vars = {} }: WranglerConfig, environment: DeployedEnvironment): void {
  const names = Object.keys(vars).filter((name) => PLACEHOLDER.test(vars[name] ?? ''));
  if (names.length > 0)
    throw new CommandError(
      `${names.join(', ')} of ${environment} still ${names.length === 1 ? 'names' : 'name'} an .example host; set your own in workers/ops/environments.ts`,
    );
}

export async function readConfig(root: string): Promise<WranglerConfig> {
  return parse(await readFile(join(root, 'wrangler.toml'), 'utf8')) as WranglerConfig;
}

/** Writes the configuration of an environment, with paths from where it lies. @returns the file's path */
export async function writeConfig(root: string, environment: DeployedEnvironment): Promise<string> {
  const config = deriveConfig(await readConfig(root), environment);
  const file = join(root, 'dist', `wrangler.${environment}.json`);
  const rebase = (path: string) => relative(dirname(file), join(root, path));
  const rebased = {
    ...config,
    main: rebase(config.main),
    ...(config.containers
      ? { containers: config.containers.map((each) => ({ ...each, image: rebase(each.image) })) }
      : {}),
    ...(config.assets ? { assets: { ...config.assets, directory: rebase(config.assets.directory) } } : {}),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(rebased, null, 2)}\n`);
  return file;
}
