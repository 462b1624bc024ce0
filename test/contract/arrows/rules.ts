import { findCycles } from './find-cycles.ts';
import type { Arrow } from './scan.ts';

/** A domain may import those before it; events flow the other way. */
const DOMAINS = [
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

/** Inside a room a file may use those of a lower layer and of its own; no job uses a route and no route a job. */
const LAYERS = ['errors', 'pure', 'queries', 'verb', 'entry', 'index'] as const;
type Layer = (typeof LAYERS)[number];

/** Rooms through which something happens: what is pure has no use for them. */
const EFFECTFUL_MODULES = ['kernel/db', 'platform/http', 'kernel/context'];

interface ModuleFile {
  domain: string;
  module: string;
  file: string;
}

/** Where in `src` a file lies; undefined outside of rooms. */
function locateModuleFile(path: string): ModuleFile | undefined {
  const match = /^src\/([\w-]+)\/([\w-]+)\/(.+)$/.exec(path);
  return match ? { domain: match[1]!, module: `${match[1]}/${match[2]}`, file: match[3]! } : undefined;
}

const getFileRole = (file: string) => /\.(\w+)\.ts$/.exec(file)?.[1] ?? '';

function getFileLayer(file: string): Layer {
  if (file === 'index.ts') return 'index';
  const layers: Record<string, Layer> = {
    errors: 'errors',
    schemas: 'pure',
    tables: 'pure',
    ports: 'pure',
    rules: 'pure',
    protocol: 'pure',
    queries: 'queries',
    events: 'entry',
    routes: 'entry',
  };
  return layers[getFileRole(file)] ?? 'verb';
}

const isTables = (path: string) => path.endsWith('.tables.ts');
const inFolder = (path: string, ...folders: string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
const isPackage = (specifier: string, name: string) => specifier === name || specifier.startsWith(`${name}/`);

/** Whether the arrow breaks it. */
type Rule = (
  arrow: Arrow,
  from: ModuleFile | undefined,
  to: ModuleFile | undefined,
  /** Uses nothing of its room and nothing that acts: plain values and functions, fit for any layer. */
  isPlain: (path: string) => boolean,
) => boolean;

/** Each is named by what it demands, and tells whether an arrow breaks it. */
const RULES: Record<string, Rule> = {
  'src imports only src and packages': ({ from, to }) =>
    inFolder(from, 'src') &&
    (to.startsWith('cloudflare:') || inFolder(to, 'workers', 'durable-objects', 'test', '..')),
  'durable-objects import only themselves, src and packages': ({ from, to }) =>
    inFolder(from, 'durable-objects') && inFolder(to, 'workers', 'test', '..'),
  'only workers/local and workers/ops import each other': ({ from, to }) =>
    inFolder(to, 'workers/local', 'workers/ops') && !inFolder(from, 'workers/local', 'workers/ops'),
  'only routes and platform/http import Hono': ({ from, to, typeOnly }) =>
    !typeOnly &&
    isPackage(to, 'hono') &&
    !from.endsWith('.routes.ts') &&
    !inFolder(from, 'src/platform/http'),
  'only tables, queries and kernel/db import Drizzle': ({ from, to, typeOnly }) =>
    inFolder(from, 'src') &&
    isPackage(to, 'drizzle-orm') &&
    !isTables(from) &&
    !from.endsWith('.queries.ts') &&
    !inFolder(from, 'src/kernel/db') &&
    !(typeOnly && inFolder(from, 'src/kernel/context')),
  'a module is imported through its index': ({ from, to }, source, target) =>
    target !== undefined &&
    target.file !== 'index.ts' &&
    source?.module !== target.module &&
    // Foreign keys and joins cross rooms: one round trip reads what several own. Writing stays with the owner.
    !((isTables(from) || from.endsWith('.queries.ts')) && isTables(to)) &&
    // Demo data and migrations stand beside the product and know its tables.
    !(inFolder(from, 'workers/local', 'workers/ops') && isTables(to)),
  'domains point one way': (_arrow, from, to) =>
    from !== undefined && to !== undefined && DOMAINS.indexOf(to.domain) > DOMAINS.indexOf(from.domain),
  'inside a module arrows point down': (arrow, from, to, isPlain) => {
    // The core is the ground that all layers stand on; it has none of its own.
    if (!from || !to || from.module !== to.module || from.module === 'kernel/core') return false;
    const [above, below] = [LAYERS.indexOf(getFileLayer(from.file)), LAYERS.indexOf(getFileLayer(to.file))];
    if (getFileLayer(to.file) === 'verb' && isPlain(arrow.to)) return false;
    return (
      below > above ||
      (below === above &&
        getFileRole(from.file) !== getFileRole(to.file) &&
        getFileLayer(to.file) === 'entry')
    );
  },
  'schemas, errors, rules and protocols are pure: no database, no HTTP, no context': (
    { from, typeOnly },
    source,
    to,
  ) =>
    !typeOnly &&
    source !== undefined &&
    to !== undefined &&
    source.module !== to.module &&
    /\.(schemas|errors|rules|protocol)\.ts$/.test(from) &&
    EFFECTFUL_MODULES.includes(to.module),
};

/** An unknown district has no place in the order: it is a mistake, or an entry that is missing above. */
const findUnknownDomains = (arrows: readonly Arrow[]) => {
  const moduleFiles = arrows.map(({ from }) => locateModuleFile(from)).filter((place) => place !== undefined);
  const unknown = new Set(moduleFiles.map(({ domain }) => domain).filter((each) => !DOMAINS.includes(each)));
  return [...unknown].map((domain) => `src/${domain} is not a domain`);
};

/** Arrows that are known to break a rule, each with the change that removes it. */
const KNOWN_VIOLATIONS: Readonly<Record<string, string>> = {
  'src/calls/calls/calls.tables.ts -> src/rooms/rooms/rooms.tables.ts':
    'the foreign key stays, the enum of room roles moves down',
  'src/calls/calls/prepare-exclusions.ts -> src/rooms/rooms/index.ts':
    'becomes an event that rooms subscribes to',
  'src/calls/sync/sweep.queries.ts -> src/rooms/rooms/rooms.tables.ts':
    'the time limits are copied onto the call',
  'src/kernel/delivery/delivery.routes.ts -> src/platform/http/index.ts':
    'the operator routes move to platform',
};

/** Everything the arrows break, one line each: the rule, then the arrow. */
export function findViolations(arrows: readonly Arrow[]): string[] {
  return findAllViolations(arrows).filter(
    (violation) => !Object.keys(KNOWN_VIOLATIONS).some((arrow) => violation.endsWith(`: ${arrow}`)),
  );
}

function findAllViolations(arrows: readonly Arrow[]): string[] {
  const violations = findUnknownDomains(arrows);
  const effectfulFiles = new Set(
    arrows
      .filter(({ from, to, typeOnly }) => {
        if (typeOnly) return false;
        const target = locateModuleFile(to);
        return (
          target &&
          (target.module === locateModuleFile(from)?.module || EFFECTFUL_MODULES.includes(target.module))
        );
      })
      .map(({ from }) => from),
  );
  const isPlain = (path: string) => !effectfulFiles.has(path);
  for (const arrow of arrows)
    for (const [name, breaks] of Object.entries(RULES))
      if (breaks(arrow, locateModuleFile(arrow.from), locateModuleFile(arrow.to), isPlain))
        violations.push(`${name}: ${arrow.from} -> ${arrow.to}`);
  const runtimeArrows = arrows.filter((arrow) => !arrow.typeOnly);
  for (const cycle of findCycles(runtimeArrows)) violations.push(`no circle of files: ${cycle.join(' -> ')}`);
  // Foreign keys and joins point at tables across rooms; that alone makes no circle of rooms.
  const moduleArrows = runtimeArrows.flatMap(({ from, to }) => {
    const [source, target] = [locateModuleFile(from), locateModuleFile(to)];
    if (!source || !target || source.module === target.module || isTables(to)) return [];
    return [{ from: source.module, to: target.module }];
  });
  for (const cycle of findCycles(moduleArrows)) violations.push(`no circle of rooms: ${cycle.join(' -> ')}`);
  return violations;
}
