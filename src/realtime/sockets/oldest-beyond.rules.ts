/** The oldest of these, so many that at most `max` remain. */
export function oldestBeyond<T extends { openedAtMs: number }>(open: readonly T[], max: number): T[] {
  const oldestFirst = [...open].sort((a, b) => a.openedAtMs - b.openedAtMs);
  return oldestFirst.slice(0, Math.max(0, open.length - max));
}
