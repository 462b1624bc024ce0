import type { Result, Router } from 'hono/router';

const ANY_METHOD = 'ALL';

/** A handler, and for each parameter of its path the index of its value. */
type Endpoint<T> = [[T, Record<string, number>]];

/** One segment of a tree of paths. */
interface PathNode<T> {
  fixed: Map<string, PathNode<T>>;
  parameter: PathNode<T> | undefined;
  endpoint: Endpoint<T> | undefined;
}

const createNode = <T>(): PathNode<T> => ({ fixed: new Map(), parameter: undefined, endpoint: undefined });

/** Finds the endpoint of the path from `start` on and adds the values of its parameters to `values`. */
function findEndpoint<T>(
  node: PathNode<T>,
  path: string,
  start: number,
  values: string[],
): Endpoint<T> | undefined {
  if (start > path.length) return node.endpoint;
  const slash = path.indexOf('/', start);
  const end = slash < 0 ? path.length : slash;
  const segment = path.slice(start, end);
  const fixed = node.fixed.get(segment);
  const found = fixed && findEndpoint(fixed, path, end + 1, values);
  if (found || !node.parameter || segment === '') return found;
  values.push(segment);
  const endpoint = findEndpoint(node.parameter, path, end + 1, values);
  if (!endpoint) values.pop();
  return endpoint;
}

/** The paths of one method. */
class PathTree<T> {
  readonly #root = createNode<T>();

  add(path: string, handler: T): void {
    const indexes: Record<string, number> = {};
    let node = this.#root;
    for (const segment of path.slice(1).split('/')) {
      if (segment.includes('*')) throw new Error(`${path}: PathRouter takes no wildcards`);
      if (segment.startsWith(':')) {
        indexes[segment.slice(1)] = Object.keys(indexes).length;
        node = node.parameter ??= createNode();
      } else {
        const next = node.fixed.get(segment) ?? createNode<T>();
        node.fixed.set(segment, next);
        node = next;
      }
    }
    // The handler that was added first wins, as in Hono's own routers.
    node.endpoint ??= [[handler, indexes]];
  }

  find(path: string): Result<T> | undefined {
    const values: string[] = [];
    const endpoint = findEndpoint(this.#root, path, 1, values);
    return endpoint && [endpoint, values];
  }
}

/**
 * A router for Hono: fixed segments win over parameters, a method over `ALL`, and each request has one handler. Hono's
 * `RegExpRouter` refuses `/rooms/:roomId` beside `/rooms/export`; its `TrieRouter` returns all matching handlers, which
 * Hono then runs as a chain.
 */
export class PathRouter<T> implements Router<T> {
  readonly name = 'PathRouter';
  readonly #trees = new Map<string, PathTree<T>>();

  /** @param path `/rooms/:roomId`; a segment is fixed or a parameter */
  add(method: string, path: string, handler: T): void {
    const tree = this.#trees.get(method) ?? new PathTree<T>();
    this.#trees.set(method, tree);
    tree.add(path, handler);
  }

  /**
   * The handler with the values of its parameters; an empty list when no path matches. A slash at the end is left out:
   * a redirect would not reach those who need it, because browsers follow none in a preflight.
   */
  match(method: string, path: string): Result<T> {
    const plain = /[^/]\/$/.test(path) ? path.slice(0, -1) : path;
    return this.#trees.get(method)?.find(plain) ?? this.#trees.get(ANY_METHOD)?.find(plain) ?? [[]];
  }
}
