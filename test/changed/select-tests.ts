import { posix } from 'node:path';
import { listFunctionUses } from '../contract/arrows/function-uses.ts';
import { isInFolder, locateModuleFile } from '../contract/arrows/places.ts';
import { listArrows, type Sources } from '../contract/arrows/scan.ts';
import { listTableUses } from '../contract/arrows/table-uses.ts';

/** What everything else is built on: a change calls for all tests. */
const FOUNDATIONS = ['src/kernel', 'src/platform/http', 'test/support'];
/** At the root: packages, bindings, compiler and runner. */
const isSettings = (path: string) => !path.includes('/') && /\.(json|toml|ts)$/.test(path);

const CONTRACT = 'test/contract';
/** What the suites that are generated from all routes and tables are generated from. */
const isPublic = (path: string) =>
  isInFolder(path, 'src', 'migrations') && /\.(routes|schemas|tables|errors|queries)\.ts$|\.sql$/.test(path);

/** The modules that use one of these: by an import, a table in SQL or a function in SQL. A foreign key alone is no use. */
function listUsers(sources: Sources, used: ReadonlySet<string>): Set<string> {
  const uses = [
    ...listArrows(sources)
      .filter(({ foreignKeyOnly }) => !foreignKeyOnly)
      .map(({ from, to }) => ({ from, owner: locateModuleFile(to)?.module })),
    ...listTableUses(sources).map(({ from, table }) => ({ from, owner: table.owner })),
    ...listFunctionUses(sources),
  ];
  const users = uses.filter(({ owner }) => owner !== undefined && used.has(owner));
  return new Set(users.flatMap(({ from }) => locateModuleFile(from)?.module ?? []));
}

const IMPORT = /(?:from|import\() ?'(\.[^']+)'/g;
const importsOf = (path: string, text: string) =>
  [...text.matchAll(IMPORT)].map(([, to]) => posix.normalize(posix.join(posix.dirname(path), to!)));

/** The files of tests that changed, and all that import one of those, over any number of files of tests. */
function withImporters(tests: Sources, changed: ReadonlySet<string>): Set<string> {
  const reached = new Set([...tests.keys()].filter((path) => changed.has(path)));
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const [path, text] of tests)
      if (importsOf(path, text).some((to) => reached.has(to))) reached.add(path);
  }
  return reached;
}

/**
 * The tests that a change calls for: those that changed or import what changed; those of the modules that changed and of
 * the modules that use them directly; the contract's, of which the generated ones only after a change of routes, schemas,
 * tables or SQL.
 * @param changed paths from the root
 * @param tests the text of every file below `test`
 * @returns paths of test files, or `all` when what everything is built on has changed
 */
export function selectTests(changed: readonly string[], sources: Sources, tests: Sources): string[] | 'all' {
  if (changed.some((path) => isInFolder(path, ...FOUNDATIONS) || isSettings(path))) return 'all';
  const modules = new Set(changed.flatMap((path) => locateModuleFile(path)?.module ?? []));
  // An adapter in the folder of its port is tested there.
  const folders = [...modules, ...listUsers(sources, modules)].map(
    (module) => `test/${module.split('/').slice(0, 2).join('/')}`,
  );
  // The launcher, scripts and the Durable Objects have their tests by folder, and in the Workers runtime.
  if (changed.some((path) => isInFolder(path, 'workers', 'durable-objects')))
    folders.push('test/local', 'test/ops');
  if (changed.some(isPublic)) folders.push(CONTRACT);
  const importers = withImporters(tests, new Set(changed));
  const isSelected = (path: string, text: string) =>
    isInFolder(path, ...folders) ||
    posix.dirname(path) === CONTRACT ||
    importers.has(path) ||
    importsOf(path, text).some((to) => modules.has(locateModuleFile(to)?.module ?? ''));
  return [...tests]
    .filter(
      ([path, text]) => path.endsWith('.test.ts') && !isInFolder(path, 'test/e2e') && isSelected(path, text),
    )
    .map(([path]) => path);
}
