import {
  DOMAINS,
  isInFolder,
  isPackage,
  isQueries,
  isTables,
  LAYERS,
  layerOf,
  locateDomain,
  type ModuleFile,
  roleOf,
} from './places.ts';
import type { Arrow } from './scan.ts';

/** What a rule demands and how to repair a violation. */
export interface RuleText {
  /** States what must hold. */
  name: string;
  remedy: string;
  /** The page and section that explain the rule. */
  page: string;
}

interface ArrowRule extends RuleText {
  isBroken(
    arrow: Arrow,
    from: ModuleFile | undefined,
    to: ModuleFile | undefined,
    /** Whether a file uses nothing of its module and nothing with side effects, so that every layer may import it. */
    isPlain: (path: string) => boolean,
  ): boolean;
}

/** The modules with side effects: pure files have no use for them. */
export const EFFECTFUL_MODULES = ['kernel/db', 'platform/http', 'kernel/context'];
const PURE_ROLES = /\.(schemas|enums|examples|errors|rules|protocol|present)\.ts$/;
const ARROWS_PAGE = 'src/README.md#arrows';
const MODULE_PAGE = 'src/README.md#inside-a-module';

const isLaterDomain = (from: string | undefined, to: string | undefined) =>
  from !== undefined && to !== undefined && DOMAINS.indexOf(to) > DOMAINS.indexOf(from);

/** A domain's index folds the manifests of its modules; entrypoints fold those of the domains. */
const isManifestImport = (from: string, to: ModuleFile) =>
  to.file === 'module.ts' && from === `src/${to.domain}/index.ts`;

export const ARROW_RULES: readonly ArrowRule[] = [
  {
    name: 'src imports only src and packages',
    remedy: 'declare what the code needs as a port (`<module>.ports.ts`) and supply it in workers/context.ts',
    page: ARROWS_PAGE,
    isBroken: ({ from, to }) =>
      isInFolder(from, 'src') &&
      (to.startsWith('cloudflare:') || isInFolder(to, 'workers', 'durable-objects', 'test', '..')),
  },
  {
    name: 'durable-objects import only themselves, src and packages',
    remedy: 'pass the value from workers/ as an argument, or move the shared code to src',
    page: ARROWS_PAGE,
    isBroken: ({ from, to }) =>
      isInFolder(from, 'durable-objects') && isInFolder(to, 'workers', 'test', '..'),
  },
  {
    name: 'only workers/local and workers/ops import each other',
    remedy: 'move the shared code out of workers/local and workers/ops, which are not deployed',
    page: ARROWS_PAGE,
    isBroken: ({ from, to }) =>
      isInFolder(to, 'workers/local', 'workers/ops') && !isInFolder(from, 'workers/local', 'workers/ops'),
  },
  {
    // Its escaping template is a pure function.
    name: 'only routes and platform/http import Hono, but for hono/html',
    remedy: 'take plain values as arguments and leave the framework to `<module>.routes.ts`',
    page: ARROWS_PAGE,
    isBroken: ({ from, to, typeOnly }) =>
      !typeOnly &&
      isPackage(to, 'hono') &&
      to !== 'hono/html' &&
      !from.endsWith('.routes.ts') &&
      !isInFolder(from, 'src/platform/http'),
  },
  {
    name: 'only tables, queries and kernel/db import Drizzle',
    remedy: 'move the query to `<module>.queries.ts`',
    page: ARROWS_PAGE,
    isBroken: ({ from, to, typeOnly }) =>
      isInFolder(from, 'src') &&
      isPackage(to, 'drizzle-orm') &&
      !isTables(from) &&
      !isQueries(from) &&
      !isInFolder(from, 'src/kernel/db') &&
      !(typeOnly && isInFolder(from, 'src/kernel/context')),
  },
  {
    name: 'a module is imported through its index',
    remedy: 'export what you need from the index.ts of that module and import it from there',
    page: ARROWS_PAGE,
    // Foreign keys and joins cross modules, so that one round trip can read the tables of several.
    isBroken: ({ from, to }, source, target) =>
      target !== undefined &&
      target.file !== 'index.ts' &&
      source?.module !== target.module &&
      !isManifestImport(from, target) &&
      !((isTables(from) || isQueries(from)) && isTables(to)) &&
      !(isInFolder(from, 'workers/local', 'workers/ops') && isTables(to)),
  },
  {
    name: 'domains point one way',
    remedy:
      'publish an event that the later domain subscribes to, or move the shared part to an earlier domain',
    page: 'src/README.md#domains',
    isBroken: ({ from, to, foreignKeyOnly }) =>
      !foreignKeyOnly && isLaterDomain(locateDomain(from), locateDomain(to)),
  },
  {
    name: 'inside a module arrows point down',
    remedy:
      'move the shared part to a lower layer: errors, schemas and rules, queries, verbs, entry files, index',
    page: MODULE_PAGE,
    isBroken(arrow, from, to, isPlain) {
      // kernel/core has no layers: every file of it may be used anywhere.
      if (!from || !to || from.module !== to.module || from.module === 'kernel/core') return false;
      // A presenter turns the rows and results of its module into views, and needs their types.
      if (arrow.typeOnly && roleOf(from.file) === 'present') return false;
      const [above, below] = [layerOf(from.file), layerOf(to.file)];
      if (below === 'verb' && isPlain(arrow.to)) return false;
      if (below !== above) return LAYERS.indexOf(below) > LAYERS.indexOf(above);
      return below === 'entry' && roleOf(from.file) !== roleOf(to.file);
    },
  },
  {
    name: 'schemas, enums, errors, rules and presenters are pure: no database, no HTTP, no context',
    remedy: 'pass time and rows as arguments, and leave reading and writing to a verb',
    page: MODULE_PAGE,
    isBroken: ({ from, typeOnly }, source, target) =>
      !typeOnly &&
      source !== undefined &&
      target !== undefined &&
      source.module !== target.module &&
      PURE_ROLES.test(from) &&
      EFFECTFUL_MODULES.includes(target.module),
  },
];

export const KNOWN_DOMAIN: RuleText = {
  name: 'a folder of src is a domain of the list',
  remedy: 'move the module to a domain, or add the domain to DOMAINS in test/contract/arrows/places.ts',
  page: 'src/README.md#domains',
};

export const NO_FILE_CIRCLE: RuleText = {
  name: 'files import each other in no circle',
  remedy: 'move what both files need to a third one',
  page: ARROWS_PAGE,
};

export const NO_MODULE_CIRCLE: RuleText = {
  name: 'modules import each other in no circle, types included',
  remedy: 'let the earlier module declare the type or port that the later one fills, or publish an event',
  page: ARROWS_PAGE,
};

export const READ_EARLIER_TABLES: RuleText = {
  name: 'SQL reads only tables of its own domain and of earlier ones',
  remedy: 'let the later module write what you need to your table, or read it in the later module',
  page: 'src/README.md#tables',
};

export const OWNER_WRITES: RuleText = {
  name: 'only the module that owns a table writes to it',
  remedy: 'call a verb of the owner, or publish an event that the owner subscribes to',
  page: 'src/README.md#tables',
};

export const CALL_EARLIER_FUNCTIONS: RuleText = {
  name: 'SQL calls only functions of its own domain and of earlier ones',
  remedy: 'move the function to the domain that calls it, or call it from the later domain',
  page: 'src/README.md#tables',
};

export const READ_THROUGH_ACCESS: RuleText = {
  name: 'what belongs to a room is read for somebody to whom the room shows',
  remedy:
    'read it with `requireRoomAccess`, or pass `restrictedViewer(ctx.actor)` to a query with `isShownTo` or ' +
    '`isCallShownTo`; or name the function in test/contract/arrows/room-read-exceptions.ts with the reason; ' +
    'what only subscriptions, scheduled tasks and meters read needs none',
  page: 'src/rooms/access/README.md#to-whom-a-room-shows',
};

const VERB_PAGE = 'src/README.md#a-verb';

export const COMMIT_IS_AUDITED: RuleText = {
  name: 'a commit has an audit entry',
  remedy:
    'add `audit` to the commit, or name the verb in test/contract/arrows/exceptions.ts with the reason; ' +
    'a commit that only subscriptions and scheduled tasks make needs none',
  page: VERB_PAGE,
};

export const COMMIT_HAS_AUTHORITY: RuleText = {
  name: 'a verb that commits checks the authority of the actor',
  remedy:
    'call `requirePermission`, `requireRoomAccess` or another function of AUTHORITY_CHECKS in ' +
    'test/contract/arrows/commits.ts; a commit that only subscriptions and scheduled tasks make needs none',
  page: VERB_PAGE,
};

export const COMMIT_THROUGH_CONTEXT: RuleText = {
  name: 'a verb commits through its context',
  remedy: 'use `ctx.commit`, which writes audit entry, events and stored response with the change',
  page: VERB_PAGE,
};
