import { randomBytes } from 'node:crypto';

/** An object of an account; `object` names its kind. */
export interface StoredRow {
  id: string;
  object: string;
}

/** Every kind of object, by its name. */
export type RowsByKind<Rows> = Record<keyof Rows, StoredRow>;

/** When the clock has to act on an object: `clock` is the id of a test clock, or null for the clock of the account. */
export interface Due {
  clock: string | null;
  at: number;
}

export interface StoreOptions<Row> {
  dueOf: (row: Row) => Due | undefined;
  /** The error of the API for an id that is not known. */
  missing: (kind: string, id: string, param: string) => Error;
  /** Whether the changes of a request stay although it failed with this error. */
  keepsChanges: (error: unknown) => boolean;
}

/** Objects in memory. A row is never changed in place, so an undone transaction puts the earlier rows back. */
export class Store<Rows extends RowsByKind<Rows>> {
  readonly #rows = new Map<string, Rows[keyof Rows]>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #due = new Map<string, Due>();
  readonly #options: StoreOptions<Rows[keyof Rows]>;
  /** What each row was before the open transaction, newest last. */
  #journal: [string, Rows[keyof Rows] | undefined][] | undefined;

  constructor(options: StoreOptions<Rows[keyof Rows]>) {
    this.#options = options;
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  }

  put<R extends Rows[keyof Rows]>(row: R): R {
    this.#journal?.push([row.id, this.#rows.get(row.id)]);
    this.#set(row.id, row);
    return row;
  }

  remove(id: string): void {
    this.#journal?.push([id, this.#rows.get(id)]);
    this.#set(id, undefined);
  }

  find(id: string): Rows[keyof Rows] | undefined {
    return this.#rows.get(id);
  }

  /** @throws the error of the API, 404, when there is no such object */
  get<K extends keyof Rows & string>(kind: K, id: string, param = 'id'): Rows[K] {
    const row = this.#rows.get(id);
    if (row?.object !== kind) throw this.#options.missing(kind, id, param);
    return row as Rows[K];
  }

  /** All objects of a kind, oldest first. */
  all<K extends keyof Rows & string>(kind: K): Rows[K][] {
    return Array.from(this.#ids.get(kind) ?? [], (id) => this.#rows.get(id) as Rows[K]);
  }

  /** The object that the clock has to act on first, until a moment. */
  firstDue(clock: string | null, until: number): { id: string; at: number } | undefined {
    let first: { id: string; at: number } | undefined;
    for (const [id, due] of this.#due)
      if (due.clock === clock && due.at <= until && (first === undefined || due.at < first.at))
        first = { id, at: due.at };
    return first;
  }

  /** Runs a change; it is undone when it throws, or when `keep` says so of its result. */
  transaction<T>(run: () => T, keep: (result: T) => boolean = () => true): T {
    const outer = this.#journal;
    const journal: [string, Rows[keyof Rows] | undefined][] = [];
    this.#journal = journal;
    let kept = false;
    try {
      const result = run();
      kept = keep(result);
      return result;
    } catch (error) {
      kept = this.#options.keepsChanges(error);
      throw error;
    } finally {
      this.#journal = outer;
      if (kept) outer?.push(...journal);
      else for (const [id, before] of journal.toReversed()) this.#set(id, before);
    }
  }

  /** Everything, as JSON. */
  dump(): Rows[keyof Rows][] {
    return [...this.#rows.values()];
  }

  #set(id: string, row: Rows[keyof Rows] | undefined): void {
    const kind = (row ?? this.#rows.get(id))?.object;
    if (kind === undefined) return;
    const ids = this.#ids.get(kind) ?? new Set();
    this.#ids.set(kind, ids);
    const due = row && this.#options.dueOf(row);
    if (row) this.#rows.set(id, row);
    else this.#rows.delete(id);
    if (row) ids.add(id);
    else ids.delete(id);
    if (due) this.#due.set(id, due);
    else this.#due.delete(id);
  }
}
