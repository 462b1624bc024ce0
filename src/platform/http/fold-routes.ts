import type { ModuleManifest } from '../../kernel/modules/index.ts';
import type { Route } from './route.ts';

/** Routes that describe the product, such as its documentation, are made of all its modules. */
type RouteList = readonly Route[] | ((modules: () => readonly ModuleManifest[]) => readonly Route[]);

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    routes?: RouteList;
  }
}

/** Every route of the modules, in their order. */
export function foldRoutes(modules: readonly ModuleManifest[]): Route[] {
  return modules.flatMap(({ routes = [] }) =>
    typeof routes === 'function' ? routes(() => modules) : routes,
  );
}
