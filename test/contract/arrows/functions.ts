import type { Node } from 'oxc-parser';

/** The name of the function or constant of the top level that contains the offset. */
export function nameAt(body: readonly Node[], offset: number): string {
  const statement = body.find(({ start, end }) => start <= offset && offset < end);
  const declared = statement?.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type === 'FunctionDeclaration' || declared?.type === 'ClassDeclaration')
    return declared.id?.name ?? '';
  const variable = declared?.type === 'VariableDeclaration' ? declared.declarations[0]?.id : undefined;
  return variable?.type === 'Identifier' ? variable.name : '';
}

/** A call within a file. */
export interface FunctionCall {
  /** The function of the top level that calls. */
  by: string;
  to: string;
}

const listExportedNames = (body: readonly Node[]): ReadonlySet<string> =>
  new Set(
    body.filter(({ type }) => type === 'ExportNamedDeclaration').map(({ start }) => nameAt(body, start)),
  );

/** Which functions of a file run which others. */
export function createCallGraph(body: readonly Node[], calls: readonly FunctionCall[]) {
  const exported = listExportedNames(body);
  const callsWithin = (
    name: string,
    isWanted: (name: string) => boolean,
    path: readonly string[] = [],
  ): boolean =>
    calls.some(
      ({ by, to }) =>
        by === name && (isWanted(to) || (!path.includes(to) && callsWithin(to, isWanted, [...path, name]))),
    );
  /**
   * Whether a wanted function is called wherever this one runs: by itself or what it calls in the file; for one that is not
   * exported, else by all functions of the file that call it.
   */
  const alwaysCalls = (
    name: string,
    isWanted: (name: string) => boolean,
    seen: readonly string[] = [],
  ): boolean => {
    if (callsWithin(name, isWanted)) return true;
    const callers = [...new Set(calls.filter(({ to }) => to === name).map(({ by }) => by))];
    if (exported.has(name) || callers.length === 0 || seen.includes(name)) return false;
    return callers.every((caller) => alwaysCalls(caller, isWanted, [...seen, name]));
  };
  return { alwaysCalls };
}
