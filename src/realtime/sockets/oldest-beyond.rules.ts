/** The oldest items whose removal leaves at most `max`. */
export function oldestBeyond<T extends { openedAtMs: number }>(open: readonly T[], max: number): T[] {
  const oldestFirst = [...open].sort((a, b) => a.openedAtMs - b.openedAtMs);
  return oldestFirst.slice(0, Math.max(0, open.length - max));
}
