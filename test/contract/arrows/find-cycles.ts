/** One circle for each strongly connected group of the graph, as the nodes along it, first one repeated at the end. */
export function findCycles(edges: readonly { from: string; to: string }[]): string[][] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of edges) graph.set(from, [...(graph.get(from) ?? []), to]);
  const cycles: string[][] = [];
  const visited = new Set<string>();
  const walk = (node: string, path: string[]): void => {
    const cycleStart = path.indexOf(node);
    if (cycleStart >= 0) {
      cycles.push([...path.slice(cycleStart), node]);
      return;
    }
    if (visited.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
    visited.add(node);
  };
  for (const node of graph.keys()) walk(node, []);
  return cycles;
}
