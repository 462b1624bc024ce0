/**
 * The order of tiles after a change: those that stay keep their place, new ones come last, and a speaker beyond the first page
 * changes places with the last silent participant on it. Tiles that people look at do not jump. The first place is kept.
 * @param present keys of the tiles that there are now, oldest first
 * @param pageSize tiles on the first page
 */
export function orderTiles(
  previous: readonly string[],
  present: readonly string[],
  speakers: ReadonlySet<string>,
  pageSize: number,
): string[] {
  const isPresent = new Set(present);
  const kept = previous.filter((key) => isPresent.has(key));
  const isKept = new Set(kept);
  const order = [...kept, ...present.filter((key) => !isKept.has(key))];
  for (let at = pageSize; at < order.length; at++) {
    if (!speakers.has(order[at]!)) continue;
    const silent = order.findLastIndex((key, place) => place > 0 && place < pageSize && !speakers.has(key));
    if (silent < 0) break;
    [order[silent], order[at]] = [order[at]!, order[silent]!];
  }
  return order;
}
