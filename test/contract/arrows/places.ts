/** The domains in order: a domain may import those before it; a later one reacts to their events. */
export const DOMAINS = [
  'kernel',
  'platform',
  'identity',
  'realtime',
  'calls',
  'rooms',
  'people',
  'insights',
  'media',
  'messaging',
  'intelligence',
  'assistant',
  'billing',
  'analytics',
  'compliance',
];

/** The layers of a module, lowest first: a file may import those of a lower layer and of its own. */
export const LAYERS = ['errors', 'pure', 'queries', 'verb', 'entry', 'index', 'manifest'] as const;
export type Layer = (typeof LAYERS)[number];

const LAYER_BY_ROLE: Readonly<Record<string, Layer>> = {
  errors: 'errors',
  schemas: 'pure',
  enums: 'pure',
  examples: 'pure',
  tables: 'pure',
  ports: 'pure',
  rules: 'pure',
  protocol: 'pure',
  present: 'pure',
  queries: 'queries',
  events: 'pure',
  subscriptions: 'entry',
  frames: 'entry',
  routes: 'entry',
};

/** A file of a module. */
export interface ModuleFile {
  domain: string;
  /** `rooms/polls`, `billing/providers/stripe` */
  module: string;
  /** Its name. */
  file: string;
}

/**
 * The module that a file of `src` belongs to: the folder it is in, also when that folder is in another module (an adapter in that of
 * its port). Undefined for any other file and for a domain's own index.
 */
export function locateModuleFile(path: string): ModuleFile | undefined {
  const match = /^src\/(([\w-]+)(?:\/[\w-]+)+)\/([^/]+)$/.exec(path);
  return match ? { domain: match[2]!, module: match[1]!, file: match[3]! } : undefined;
}

/** The domain that a file of `src` belongs to, also for a domain's own index. */
export const locateDomain = (path: string) => /^src\/([\w-]+)\//.exec(path)?.[1];

/** The role in a file's name: `rules` of `polls.rules.ts`; empty for a verb. */
export const roleOf = (file: string) => /\.(\w+)\.ts$/.exec(file)?.[1] ?? '';

/** The layer of a file of a module. */
export function layerOf(file: string): Layer {
  if (file === 'index.ts') return 'index';
  if (file === 'module.ts') return 'manifest';
  return LAYER_BY_ROLE[roleOf(file)] ?? 'verb';
}

export const isTables = (path: string) => path.endsWith('.tables.ts');
export const isQueries = (path: string) => path.endsWith('.queries.ts');
export const isInFolder = (path: string, ...folders: string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
export const isPackage = (specifier: string, name: string) =>
  specifier === name || specifier.startsWith(`${name}/`);
