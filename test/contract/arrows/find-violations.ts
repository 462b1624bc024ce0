import { type Commit, listCommits } from './commits.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { findCycles } from './find-cycles.ts';
import { DOMAINS, isInFolder, isTables, locateDomain, locateModuleFile } from './places.ts';
import { type FunctionUse, listFunctionUses } from './function-uses.ts';
import { findReached, type Reached } from './reached.ts';
import { listRoomReads, type RoomRead } from './room-reads.ts';
import {
  ARROW_RULES,
  CALL_EARLIER_FUNCTIONS,
  COMMIT_HAS_AUTHORITY,
  COMMIT_IS_AUDITED,
  COMMIT_THROUGH_CONTEXT,
  EFFECTFUL_MODULES,
  KNOWN_DOMAIN,
  NO_FILE_CIRCLE,
  NO_MODULE_CIRCLE,
  OWNER_WRITES,
  READ_EARLIER_TABLES,
  READ_THROUGH_ACCESS,
  type RuleText,
} from './rules.ts';
import { type Arrow, listArrows, type Sources } from './scan.ts';
import { listTableUses, type TableUse } from './table-uses.ts';

/** A rule that is broken, and where. */
export interface Violation {
  rule: RuleText;
  from: string;
  line: number;
  /** What `from` imports, the table or SQL function it uses, the circle it is part of, or its function that commits or reads. */
  to: string;
}

/** An unknown domain has no position in the order: it is a mistake, or missing in the list. */
function findUnknownDomains(sources: Sources): Violation[] {
  const firstFiles = new Map<string, string>();
  for (const path of sources.keys()) {
    const domain = locateDomain(path);
    if (domain !== undefined && !DOMAINS.includes(domain) && !firstFiles.has(domain))
      firstFiles.set(domain, path);
  }
  return [...firstFiles].map(([domain, from]) => ({
    rule: KNOWN_DOMAIN,
    from,
    line: 1,
    to: `src/${domain}`,
  }));
}

/** Files that use other files of their module, or a module with side effects. */
function listEffectfulFiles(arrows: readonly Arrow[]): Set<string> {
  const effectful = arrows.filter(({ from, to, typeOnly }) => {
    const target = typeOnly ? undefined : locateModuleFile(to);
    if (!target) return false;
    return target.module === locateModuleFile(from)?.module || EFFECTFUL_MODULES.includes(target.module);
  });
  return new Set(effectful.map(({ from }) => from));
}

function findBrokenArrows(arrows: readonly Arrow[]): Violation[] {
  const effectfulFiles = listEffectfulFiles(arrows);
  const isPlain = (path: string) => !effectfulFiles.has(path);
  return arrows.flatMap((arrow) =>
    ARROW_RULES.filter((rule) =>
      rule.isBroken(arrow, locateModuleFile(arrow.from), locateModuleFile(arrow.to), isPlain),
    ).map((rule) => ({ rule, from: arrow.from, line: arrow.line, to: arrow.to })),
  );
}

function findCircles(
  rule: RuleText,
  arrows: readonly Arrow[],
  nodeOf: (path: string) => string | undefined,
): Violation[] {
  const edges = arrows.flatMap((arrow) => {
    const [from, to] = [nodeOf(arrow.from), nodeOf(arrow.to)];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to, arrow }];
  });
  const circles = new Map(findCycles(edges).map((circle) => [circle.join(' -> '), circle]));
  return [...circles].map(([path, circle]) => {
    const { arrow } = edges.find(({ from, to }) => from === circle[0] && to === circle[1])!;
    return { rule, from: arrow.from, line: arrow.line, to: path };
  });
}

function findTableViolations(uses: readonly TableUse[]): Violation[] {
  return uses.flatMap(({ from, line, table, kind }) => {
    const source = locateModuleFile(from);
    // Demo data and migrations may fill every table.
    if (source?.module === table.owner || isInFolder(from, 'workers/local', 'workers/ops')) return [];
    if (kind === 'write') return [{ rule: OWNER_WRITES, from, line, to: table.name }];
    return isOfLaterDomain(table.owner, from)
      ? [{ rule: READ_EARLIER_TABLES, from, line, to: table.name }]
      : [];
  });
}

const isOfLaterDomain = (owner: string, from: string) => {
  const domain = locateDomain(from);
  return domain !== undefined && DOMAINS.indexOf(locateDomain(`src/${owner}/`)!) > DOMAINS.indexOf(domain);
};

const findFunctionViolations = (uses: readonly FunctionUse[]): Violation[] =>
  uses
    .filter(({ from, owner }) => isOfLaterDomain(owner, from))
    .map(({ from, line, name }) => ({ rule: CALL_EARLIER_FUNCTIONS, from, line, to: name }));

const findRoomReadViolations = (reads: readonly RoomRead[], reached: Reached): Violation[] =>
  reads
    .filter(({ from, by, asksAccess }) => !asksAccess && !reached.isOfSystem(from, by))
    .map(({ from, line, by }) => ({ rule: READ_THROUGH_ACCESS, from, line, to: by }));

function findCommitViolations(commits: readonly Commit[]): Violation[] {
  return commits.flatMap(({ from, line, by, throughContext, isOfSystem, isAudited, checksAuthority }) => {
    if (!throughContext) return [{ rule: COMMIT_THROUGH_CONTEXT, from, line, to: by }];
    if (isOfSystem) return [];
    return [
      ...(isAudited ? [] : [{ rule: COMMIT_IS_AUDITED, from, line, to: by }]),
      ...(checksAuthority ? [] : [{ rule: COMMIT_HAS_AUTHORITY, from, line, to: by }]),
    ];
  });
}

const isExcepted = ({ rule, from, to }: Violation, exception: Exception) =>
  exception.rule === rule.name && exception.from === from && exception.to === to;

/** Every violation of the rules in the sources, exceptions included. */
export function findAllViolations(sources: Sources): Violation[] {
  const arrows = listArrows(sources);
  const reached = findReached(sources);
  const runtimeArrows = arrows.filter(({ typeOnly }) => !typeOnly);
  // Foreign keys and joins use tables of other modules, and a manifest only puts a module together: neither makes a
  // circle of modules.
  const moduleArrows = arrows.filter(({ from, to }) => !isTables(to) && !from.endsWith('/module.ts'));
  return [
    ...findUnknownDomains(sources),
    ...findBrokenArrows(arrows),
    ...findCircles(NO_FILE_CIRCLE, runtimeArrows, (path) => path),
    ...findCircles(NO_MODULE_CIRCLE, moduleArrows, (path) => locateModuleFile(path)?.module),
    ...findTableViolations(listTableUses(sources)),
    ...findFunctionViolations(listFunctionUses(sources)),
    ...findRoomReadViolations(listRoomReads(sources), reached),
    ...findCommitViolations(listCommits(sources, reached)),
  ];
}

/** The violations that no exception covers. */
export function findViolations(sources: Sources, exceptions = EXCEPTIONS): Violation[] {
  return findAllViolations(sources).filter(
    (violation) => !exceptions.some((exception) => isExcepted(violation, exception)),
  );
}

/** The exceptions that cover nothing any more. */
export function findStaleExceptions(sources: Sources, exceptions = EXCEPTIONS): Exception[] {
  const violations = findAllViolations(sources);
  return exceptions.filter((exception) => !violations.some((violation) => isExcepted(violation, exception)));
}

/** A violation for a reader: where, what, how to repair it, and where it is explained. */
export function formatViolation({ rule, from, line, to }: Violation): string {
  return `${from}:${line} -> ${to}\n  rule:   ${rule.name}\n  remedy: ${rule.remedy}\n  see:    ${rule.page}`;
}
