import type { ModuleManifest } from '../../kernel/modules/index.ts';
import { foldRoutes, type Route } from '../http/index.ts';

/**
 * What a tool may do: `read` changes nothing, `write` adds or changes, `destructive` takes away what cannot be brought back, or
 * reaches people, and has to be confirmed.
 */
export type ToolRisk = 'read' | 'write' | 'destructive';

/** An operation that programs which act for somebody may offer: it is called by the same request, and nothing else. */
export interface ToolDeclaration {
  /** The `operationId` of a route. The tool's name is the same in lower case with underscores: `list_rooms`. */
  operation: string;
  risk: ToolRisk;
  /** In place of the name that follows from the operation, where a public specification gives one. */
  name?: string;
}

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    tools?: readonly ToolDeclaration[];
  }
}

export interface Tool {
  name: string;
  title: string;
  description: string;
  risk: ToolRisk;
  route: Route;
}

const toToolName = (operationId: string): string =>
  operationId.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** Every tool of the modules, by name. @throws Error when a tool names no route */
export function foldTools(modules: readonly ModuleManifest[]): Tool[] {
  const routes = new Map(foldRoutes(modules).map((route) => [route.operationId, route]));
  return modules
    .flatMap(({ tools = [] }) => tools)
    .map(({ operation, risk, name = toToolName(operation) }) => {
      const route = routes.get(operation);
      if (!route) throw new Error(`a tool names the operation ${operation}, which no route has`);
      const { summary, description } = route;
      return {
        name,
        title: summary,
        description: description ?? summary,
        risk,
        route,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
