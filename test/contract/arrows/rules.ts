import { circlesIn } from './circles.ts';
import type { Arrow } from './scan.ts';

/** A district may use those before it; effects flow back through the outbox. */
const DISTRICTS = [
  'platform',
  'identity',
  'meetings',
  'media',
  'messaging',
  'intelligence',
  'assistant',
  'business',
];

/** Inside a room a file may use those of a lower layer and of its own; no job uses a route and no route a job. */
const LAYERS = ['errors', 'pure', 'queries', 'verb', 'door', 'index'] as const;
type Layer = (typeof LAYERS)[number];

/** Rooms through which something happens: what is pure has no use for them. */
const ACTING = ['platform/db', 'platform/http', 'platform/context'];

interface Place {
  district: string;
  room: string;
  file: string;
}

/** Where in `src` a file lies; undefined outside of rooms. */
function placeOf(path: string): Place | undefined {
  const match = /^src\/([\w-]+)\/([\w-]+)\/(.+)$/.exec(path);
  return match ? { district: match[1]!, room: `${match[1]}/${match[2]}`, file: match[3]! } : undefined;
}

const roleOf = (file: string) => /\.(\w+)\.ts$/.exec(file)?.[1] ?? '';

function layerOf(file: string): Layer {
  if (file === 'index.ts') return 'index';
  const layers: Record<string, Layer> = {
    errors: 'errors',
    schemas: 'pure',
    tables: 'pure',
    ports: 'pure',
    rules: 'pure',
    protocol: 'pure',
    queries: 'queries',
    jobs: 'door',
    routes: 'door',
  };
  return layers[roleOf(file)] ?? 'verb';
}

const isTables = (path: string) => path.endsWith('.tables.ts');
const inFolder = (path: string, ...folders: string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
const isPackage = (specifier: string, name: string) => specifier === name || specifier.startsWith(`${name}/`);

/** Whether the arrow breaks it. */
type Rule = (
  arrow: Arrow,
  from: Place | undefined,
  to: Place | undefined,
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
  'only workers/local imports workers/local': ({ from, to }) =>
    inFolder(to, 'workers/local') && !inFolder(from, 'workers/local'),
  'only routes and platform/http import Hono': ({ from, to, typeOnly }) =>
    !typeOnly &&
    isPackage(to, 'hono') &&
    !from.endsWith('.routes.ts') &&
    !inFolder(from, 'src/platform/http'),
  'only tables, queries and platform/db import Drizzle': ({ from, to, typeOnly }) =>
    inFolder(from, 'src') &&
    isPackage(to, 'drizzle-orm') &&
    !isTables(from) &&
    !from.endsWith('.queries.ts') &&
    !inFolder(from, 'src/platform/db') &&
    !(typeOnly && inFolder(from, 'src/platform/context')),
  'a room is entered through its index': ({ from, to }, room, target) =>
    target !== undefined &&
    target.file !== 'index.ts' &&
    room?.room !== target.room &&
    // Foreign keys and joins cross rooms: one round trip reads what several own. Writing stays with the owner.
    !((isTables(from) || from.endsWith('.queries.ts')) && isTables(to)) &&
    // Demo data and migrations stand beside the product and know its tables.
    !(inFolder(from, 'workers/local') && isTables(to)),
  'districts point one way': (_arrow, from, to) =>
    from !== undefined &&
    to !== undefined &&
    DISTRICTS.indexOf(to.district) > DISTRICTS.indexOf(from.district),
  'inside a room arrows point down': (arrow, from, to, isPlain) => {
    // The core is the ground that all layers stand on; it has none of its own.
    if (!from || !to || from.room !== to.room || from.room === 'platform/core') return false;
    const [above, below] = [LAYERS.indexOf(layerOf(from.file)), LAYERS.indexOf(layerOf(to.file))];
    if (layerOf(to.file) === 'verb' && isPlain(arrow.to)) return false;
    return (
      below > above ||
      (below === above && roleOf(from.file) !== roleOf(to.file) && layerOf(to.file) === 'door')
    );
  },
  'schemas, errors, rules and protocols are pure: no database, no HTTP, no context': (
    { from, typeOnly },
    place,
    to,
  ) =>
    !typeOnly &&
    place !== undefined &&
    to !== undefined &&
    place.room !== to.room &&
    /\.(schemas|errors|rules|protocol)\.ts$/.test(from) &&
    ACTING.includes(to.room),
};

/** An unknown district has no place in the order: it is a mistake, or an entry that is missing above. */
const strangers = (arrows: readonly Arrow[]) => {
  const places = arrows.map(({ from }) => placeOf(from)).filter((place) => place !== undefined);
  const unknown = new Set(places.map(({ district }) => district).filter((each) => !DISTRICTS.includes(each)));
  return [...unknown].map((district) => `src/${district} is not a district`);
};

/** Everything the arrows break, one line each: the rule, then who broke it. */
export function brokenRules(arrows: readonly Arrow[]): string[] {
  const broken = strangers(arrows);
  const acting = new Set(
    arrows
      .filter(({ from, to, typeOnly }) => {
        if (typeOnly) return false;
        const target = placeOf(to);
        return target && (target.room === placeOf(from)?.room || ACTING.includes(target.room));
      })
      .map(({ from }) => from),
  );
  const isPlain = (path: string) => !acting.has(path);
  for (const arrow of arrows)
    for (const [name, breaks] of Object.entries(RULES))
      if (breaks(arrow, placeOf(arrow.from), placeOf(arrow.to), isPlain))
        broken.push(`${name}: ${arrow.from} -> ${arrow.to}`);
  const running = arrows.filter((arrow) => !arrow.typeOnly);
  for (const circle of circlesIn(running)) broken.push(`no circle of files: ${circle.join(' -> ')}`);
  // Foreign keys and joins point at tables across rooms; that alone makes no circle of rooms.
  const between = running.flatMap(({ from, to }) => {
    const [source, target] = [placeOf(from), placeOf(to)];
    if (!source || !target || source.room === target.room || isTables(to)) return [];
    return [{ from: source.room, to: target.room }];
  });
  for (const circle of circlesIn(between)) broken.push(`no circle of rooms: ${circle.join(' -> ')}`);
  return broken;
}
