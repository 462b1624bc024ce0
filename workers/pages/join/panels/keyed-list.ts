/** Keeps the items of a list element in step with data. Items stay the same elements, so that focus and input are not lost. */
export class KeyedList<T> {
  readonly #list: HTMLElement;
  readonly #make: (value: T) => HTMLElement;
  readonly #show: (item: HTMLElement, value: T) => void;
  readonly #items = new Map<string, HTMLElement>();

  constructor(
    list: HTMLElement,
    make: (value: T) => HTMLElement,
    show: (item: HTMLElement, value: T) => void,
  ) {
    this.#list = list;
    this.#make = make;
    this.#show = show;
  }

  /** @param values by key, in their order */
  sync(values: ReadonlyMap<string, T>): void {
    for (const [key, item] of this.#items)
      if (!values.has(key)) {
        item.remove();
        this.#items.delete(key);
      }
    let at = 0;
    for (const [key, value] of values) {
      const item = this.#items.get(key) ?? this.#make(value);
      this.#items.set(key, item);
      this.#show(item, value);
      if (this.#list.children[at] !== item) this.#list.insertBefore(item, this.#list.children[at] ?? null);
      at++;
    }
  }
}
