/** Items that wait, each for a requester. Requesters take turns; the items of one are in the order in which they came. */
export interface FairQueue<T> {
  /** @returns the item that has no place: the newest one of the requester with the most, which may be the item itself */
  add(requester: string, item: T): T | undefined;
  /** Takes the next item out; undefined when none waits. */
  take(): T | undefined;
}

/** @param maxItems how many may wait together: a requester with many makes room for one with fewer */
export function createFairQueue<T>(maxItems: number): FairQueue<T> {
  // In the order of turns: the requester whose turn is over goes to the end.
  const itemsByRequester = new Map<string, T[]>();
  let count = 0;

  function dropFromLongest(): T | undefined {
    const [requester, items] = [...itemsByRequester].reduce((longest, each) =>
      each[1].length >= longest[1].length ? each : longest,
    );
    const dropped = items.pop();
    if (items.length === 0) itemsByRequester.delete(requester);
    count--;
    return dropped;
  }

  return {
    add(requester, item) {
      const items = itemsByRequester.get(requester) ?? [];
      items.push(item);
      itemsByRequester.set(requester, items);
      count++;
      return count > maxItems ? dropFromLongest() : undefined;
    },
    take() {
      const [next] = itemsByRequester;
      if (!next) return undefined;
      const [requester, items] = next;
      const item = items.shift();
      itemsByRequester.delete(requester);
      if (items.length > 0) itemsByRequester.set(requester, items);
      count--;
      return item;
    },
  };
}
