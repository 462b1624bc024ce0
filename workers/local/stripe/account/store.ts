import { randomBytes } from 'node:crypto';
import { StripeFailure } from '../http/errors.ts';
import type { Kind, Row, Rows } from './stored.ts';

/** When the clock has to act on an object: `clock` is the id of a test clock, or null for the clock of the account. */
export interface Due {
  clock: string | null;
  at: number;
}

/** Objects in memory. A row is never changed in place, so an undone transaction puts the earlier rows back. */
export class Store {
  readonly #rows = new Map<string, Row>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #due = new Map<string, Due>();
  readonly #dueOf: (row: Row) => Due | undefined;
  /** What each row was before the open transaction, newest last. */
  #journal: [string, Row | undefined][] | undefined;

  constructor(dueOf: (row: Row) => Due | undefined) {
    this.#dueOf = dueOf;
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
  }

  put<R extends Row>(row: R): R {
    this.#journal?.push([row.id, this.#rows.get(row.id)]);
    this.#set(row.id, row);
    return row;
  }

  remove(id: string): void {
    this.#journal?.push([id, this.#rows.get(id)]);
    this.#set(id, undefined);
  }

  find(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** @throws StripeFailure 404, as the API says it of an unknown id */
  get<K extends Kind>(kind: K, id: string, param = 'id'): Rows[K] {
    const row = this.#rows.get(id);
    if (row?.object !== kind) throw StripeFailure.missing(kind, id, param);
    return row as Rows[K];
  }

  /** All objects of a kind, oldest first. */
  all<K extends Kind>(kind: K): Rows[K][] {
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
    const journal: [string, Row | undefined][] = [];
    this.#journal = journal;
    let kept = false;
    try {
      const result = run();
      kept = keep(result);
      return result;
    } catch (error) {
      kept = error instanceof StripeFailure && error.keepsChanges;
      throw error;
    } finally {
      this.#journal = outer;
      if (kept) outer?.push(...journal);
      else for (const [id, before] of journal.toReversed()) this.#set(id, before);
    }
  }

  /** Everything, as JSON. */
  dump(): Row[] {
    return [...this.#rows.values()];
  }

  #set(id: string, row: Row | undefined): void {
    const kind = (row ?? this.#rows.get(id))?.object;
    if (kind === undefined) return;
    const ids = this.#ids.get(kind) ?? new Set();
    this.#ids.set(kind, ids);
    const due = row && this.#dueOf(row);
    if (row) this.#rows.set(id, row);
    else this.#rows.delete(id);
    if (row) ids.add(id);
    else ids.delete(id);
    if (due) this.#due.set(id, due);
    else this.#due.delete(id);
  }
}
