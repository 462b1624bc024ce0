import { type Node, Visitor } from 'oxc-parser';
import { isInFolder } from './places.ts';
import { lineAt, parseSource, type Sources } from './scan.ts';

/** A call that commits a change. */
export interface Commit {
  from: string;
  line: number;
  /** The function of the module's top level that commits. */
  by: string;
  /** Whether it goes through the context, so that audit entry and events are part of it. */
  throughContext: boolean;
  isAudited: boolean;
  /** Whether its function, or every function of the file that calls it, calls one that refuses an actor. */
  checksAuthority: boolean;
}

/** Functions that refuse an actor without authority: the verb that commits calls one of them. */
export const AUTHORITY_CHECKS: readonly string[] = [
  'requirePermission',
  'requireUser',
  'requireSession',
  'requirePerson',
  'requireCanManageRole',
  'requireRoomAccess',
  'requireModerator',
  'requireLinkAuthority',
  'getLinkWithAuthority',
  'requireOwnEntry',
  'requireManager',
  'requireReportedParticipant',
  'readManagedRoom',
  'readAccessAndTarget',
  'getPollAsModerator',
  'getContact',
  'getOperation',
];

/** The name of the function or constant of the top level that contains the offset. */
function nameAt(body: readonly Node[], offset: number): string {
  const statement = body.find(({ start, end }) => start <= offset && offset < end);
  const declared = statement?.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type === 'FunctionDeclaration' || declared?.type === 'ClassDeclaration')
    return declared.id?.name ?? '';
  const variable = declared?.type === 'VariableDeclaration' ? declared.declarations[0]?.id : undefined;
  return variable?.type === 'Identifier' ? variable.name : '';
}

/** Whether an object literal has the property itself; what it spreads is not looked into. */
const hasProperty = (node: Node | undefined, name: string) =>
  node?.type === 'ObjectExpression' &&
  node.properties.some(
    (each) => each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === name,
  );

interface FunctionCall {
  /** The function of the top level that calls. */
  by: string;
  to: string;
}

const listExportedNames = (body: readonly Node[]): ReadonlySet<string> =>
  new Set(
    body.filter(({ type }) => type === 'ExportNamedDeclaration').map(({ start }) => nameAt(body, start)),
  );

/**
 * Whether authority is checked wherever the function runs: by itself or what it calls in the file; one that is not exported
 * also by all functions of the file that call it.
 */
function checksAuthority(
  name: string,
  calls: readonly FunctionCall[],
  exported: ReadonlySet<string>,
  seen: readonly string[] = [],
): boolean {
  const checksWithin = (one: string, path: readonly string[] = []): boolean =>
    calls.some(
      ({ by, to }) =>
        by === one &&
        (AUTHORITY_CHECKS.includes(to) || (!path.includes(to) && checksWithin(to, [...path, one]))),
    );
  if (checksWithin(name)) return true;
  const callers = [...new Set(calls.filter(({ to }) => to === name).map(({ by }) => by))];
  if (exported.has(name) || callers.length === 0 || seen.includes(name)) return false;
  return callers.every((caller) => checksAuthority(caller, calls, exported, [...seen, name]));
}

function listCommitsInSource(from: string, text: string): Commit[] {
  const { program } = parseSource(from, text);
  const commits: Omit<Commit, 'checksAuthority'>[] = [];
  const calls: FunctionCall[] = [];
  new Visitor({
    CallExpression({ callee, arguments: [request], start }) {
      if (callee.type === 'Identifier') calls.push({ by: nameAt(program.body, start), to: callee.name });
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      if (callee.property.name !== 'commit') return;
      commits.push({
        from,
        line: lineAt(text, start),
        by: nameAt(program.body, start),
        throughContext: callee.object.type === 'Identifier' && callee.object.name === 'ctx',
        isAudited: hasProperty(request, 'audit'),
      });
    },
  }).visit(program);
  const exported = listExportedNames(program.body);
  return commits.map((commit) => ({
    ...commit,
    checksAuthority: checksAuthority(commit.by, calls, exported),
  }));
}

/** Every commit of the modules. The kernel provides commits and makes none of a verb. */
export function listCommits(sources: Sources): Commit[] {
  return [...sources].flatMap(([path, text]) =>
    isInFolder(path, 'src') && !isInFolder(path, 'src/kernel') && /\.commit\(/.test(text)
      ? listCommitsInSource(path, text)
      : [],
  );
}
