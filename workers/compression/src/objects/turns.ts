/** A queue by owner: owners take turns, and the work of one owner waits in the order in which it came. */
export class Turns<T> {
  /** The owner whose turn it is comes first. */
  readonly #waiting = new Map<string, T[]>();

  get size(): number {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  sizeOf(owner: string): number {
    return this.#waiting.get(owner)?.length ?? 0;
  }

  add(owner: string, item: T): void {
    this.#waiting.set(owner, [...(this.#waiting.get(owner) ?? []), item]);
  }

  take(): T | undefined {
    const [turn] = this.#waiting;
    if (!turn) return undefined;
    const [owner, [item, ...rest]] = turn;
    this.#waiting.delete(owner); // and behind all others, when more of it waits
    if (rest.length > 0) this.#waiting.set(owner, rest);
    return item;
  }

  remove(owner: string, item: T): void {
    const rest = (this.#waiting.get(owner) ?? []).filter((each) => each !== item);
    if (rest.length > 0) this.#waiting.set(owner, rest);
    else this.#waiting.delete(owner);
  }
}
