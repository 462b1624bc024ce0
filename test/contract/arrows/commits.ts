import { type Node, Visitor } from 'oxc-parser';
import { createCallGraph, type FunctionCall, nameAt } from './functions.ts';
import { isInFolder } from './places.ts';
import type { Reached } from './reached.ts';
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
  /** Whether the system alone runs its function: the change records what others did. */
  isOfSystem: boolean;
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
  'requireOwnRecommendation',
  'readManagedRoom',
  'readOwnAccount',
  'readAccessAndTarget',
  'getPollAsModerator',
  'getContact',
  'getStream',
  'findDownload',
  'getIngress',
  'readWithAccess',
  'getOperation',
  'readSubscribed',
  'takeCommand',
];

const isEmptyList = (node: Node) => node.type === 'ArrayExpression' && node.elements.length === 0;

/** Whether an object literal has the property itself, and not as an empty list; what it spreads is not looked into. */
const hasProperty = (node: Node | undefined, name: string) =>
  node?.type === 'ObjectExpression' &&
  node.properties.some(
    (each) =>
      each.type === 'Property' &&
      each.key.type === 'Identifier' &&
      each.key.name === name &&
      !isEmptyList(each.value),
  );

function listCommitsInSource(from: string, text: string, reached: Reached): Commit[] {
  const { program } = parseSource(from, text);
  const commits: Omit<Commit, 'checksAuthority' | 'isOfSystem'>[] = [];
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
  const graph = createCallGraph(program.body, calls);
  return commits.map((commit) => ({
    ...commit,
    isOfSystem: reached.isOfSystem(from, commit.by),
    checksAuthority: graph.alwaysCalls(commit.by, (name) => AUTHORITY_CHECKS.includes(name)),
  }));
}

/** Every commit of the modules. The kernel provides commits and makes none of a verb. */
export function listCommits(sources: Sources, reached: Reached): Commit[] {
  return [...sources].flatMap(([path, text]) =>
    isInFolder(path, 'src') && !isInFolder(path, 'src/kernel') && /\.commit\(/.test(text)
      ? listCommitsInSource(path, text, reached)
      : [],
  );
}
