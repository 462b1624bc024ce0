import { type Ctx, systemScope } from '../../platform/context/index.ts';
import type { Queries, Statement } from '../../platform/db/index.ts';
import {
  changeRow,
  type Condition,
  insertRow,
  type Model,
  removeRow,
  type Row,
  selectRows,
} from './engine.queries.ts';

type Pending =
  | { kind: 'created'; model: Model; row: Row }
  | { kind: 'changed'; model: Model; row: Row; before: Row; set: Record<string, unknown> }
  | { kind: 'removed'; model: Model; before: Row };

const value = (of: unknown) => (of instanceof Date ? of.getTime() : of);

function holds(row: Row, { field, operator, value: wanted }: Condition): boolean {
  const [actual, expected] = [value(row[field]), value(wanted)];
  switch (operator) {
    case 'eq':
      return actual === expected;
    case 'in':
      return (wanted as unknown[]).map(value).includes(actual);
    case 'lt':
      return (actual as number) < (expected as number);
    case 'gt':
      return (actual as number) > (expected as number);
  }
}

const question = (model: Model, where: readonly Condition[]) =>
  JSON.stringify([
    model,
    where.map((condition) => JSON.stringify(condition)).toSorted((a, b) => (a < b ? -1 : 1)),
  ]);

const eqCondition = ([field, wanted]: [string, unknown]): Condition => ({
  field,
  operator: 'eq',
  value: wanted,
});

/**
 * What the engine reads and writes within one verb. Reads are answered from what the verb has read already, else by the
 * database; writes are only collected, seen by later reads, and become statements of the verb's own commit. So whatever
 * the engine does happens together with the rest of the verb, or not at all.
 */
export class UnitOfWork {
  readonly #ctx: Ctx;
  readonly #known = new Map<string, Row[]>();
  readonly #pending = new Map<string, Pending>();

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  /** Tells what the verb has read: all rows of `model` whose fields equal `where`. */
  know(model: Model, where: Record<string, unknown>, rows: readonly Row[]): void {
    this.#known.set(question(model, Object.entries(where).map(eqCondition)), [...rows]);
  }

  async find(model: Model, where: readonly Condition[]): Promise<Row[]> {
    let rows = this.#known.get(question(model, where));
    if (!rows) {
      const [read] = await this.#ctx.read((q) => [selectRows(q, model, where)], systemScope);
      rows = read;
    }
    const untouched = rows.filter((row) => !this.#pending.has(`${model}:${row.id}`));
    const touched = [...this.#pending.values()].flatMap((each) =>
      each.model === model && each.kind !== 'removed' ? [each.row] : [],
    );
    return [...untouched, ...touched.filter((row) => where.every((condition) => holds(row, condition)))];
  }

  create(model: Model, row: Row): void {
    this.#pending.set(`${model}:${row.id}`, { kind: 'created', model, row });
  }

  /** Adds to what was already collected for the row. */
  change(model: Model, before: Row, set: Record<string, unknown>): Row {
    const key = `${model}:${before.id}`;
    const earlier = this.#pending.get(key);
    const row = { ...before, ...set };
    if (earlier?.kind === 'created') this.#pending.set(key, { kind: 'created', model, row });
    else if (earlier?.kind === 'changed')
      this.#pending.set(key, { ...earlier, row, set: { ...earlier.set, ...set } });
    else this.#pending.set(key, { kind: 'changed', model, row, before, set });
    return row;
  }

  remove(model: Model, before: Row): void {
    const key = `${model}:${before.id}`;
    if (this.#pending.get(key)?.kind === 'created') this.#pending.delete(key);
    else this.#pending.set(key, { kind: 'removed', model, before });
  }

  /** The row of the model that the engine made. @throws Error when it made none, or several */
  created(model: Model): Row {
    const made = [...this.#pending.values()].filter(
      (each) => each.kind === 'created' && each.model === model,
    );
    const [only] = made;
    if (made.length !== 1 || only?.kind !== 'created') throw new Error(`expected one new ${model}`);
    return only.row;
  }

  /** Everything collected, in the order it was done. */
  statements(q: Queries): Statement[] {
    return [...this.#pending.values()].map((each) => {
      switch (each.kind) {
        case 'created':
          return insertRow(q, each.model, each.row);
        case 'changed':
          return changeRow(q, each.model, each.before, each.set);
        case 'removed':
          return removeRow(q, each.model, each.before);
      }
    });
  }
}
