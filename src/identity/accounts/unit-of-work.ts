import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import {
  changeRow,
  type EngineCondition,
  insertRow,
  type EngineModel,
  removeRow,
  type EngineRow,
  selectRows,
} from './engine.queries.ts';

type PendingWrite =
  | { kind: 'created'; model: EngineModel; row: EngineRow }
  | { kind: 'changed'; model: EngineModel; row: EngineRow; before: EngineRow; set: Record<string, unknown> }
  | { kind: 'removed'; model: EngineModel; before: EngineRow };

const comparable = (raw: unknown) => (raw instanceof Date ? raw.getTime() : raw);

function matchesCondition(row: EngineRow, { field, operator, value: wanted }: EngineCondition): boolean {
  const [actual, expected] = [comparable(row[field]), comparable(wanted)];
  switch (operator) {
    case 'eq':
      return actual === expected;
    case 'in':
      return (wanted as unknown[]).map(comparable).includes(actual);
    case 'lt':
      return (actual as number) < (expected as number);
    case 'gt':
      return (actual as number) > (expected as number);
  }
}

const queryKey = (model: EngineModel, where: readonly EngineCondition[]) =>
  JSON.stringify([
    model,
    where.map((condition) => JSON.stringify(condition)).toSorted((a, b) => (a < b ? -1 : 1)),
  ]);

const eqCondition = ([field, wanted]: [string, unknown]): EngineCondition => ({
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
  readonly #preloaded = new Map<string, EngineRow[]>();
  readonly #pending = new Map<string, PendingWrite>();

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  /** Tells what the verb has read: all rows of `model` whose fields equal `where`. */
  preload(model: EngineModel, where: Record<string, unknown>, rows: readonly EngineRow[]): void {
    this.#preloaded.set(queryKey(model, Object.entries(where).map(eqCondition)), [...rows]);
  }

  async find(model: EngineModel, where: readonly EngineCondition[]): Promise<EngineRow[]> {
    let rows = this.#preloaded.get(queryKey(model, where));
    if (!rows) {
      const [read] = await this.#ctx.read((q) => [selectRows(q, model, where)], systemScope);
      rows = read;
    }
    const untouched = rows.filter((row) => !this.#pending.has(`${model}:${row.id}`));
    const touched = [...this.#pending.values()].flatMap((each) =>
      each.model === model && each.kind !== 'removed' ? [each.row] : [],
    );
    return [
      ...untouched,
      ...touched.filter((row) => where.every((condition) => matchesCondition(row, condition))),
    ];
  }

  create(model: EngineModel, row: EngineRow): void {
    this.#pending.set(`${model}:${row.id}`, { kind: 'created', model, row });
  }

  /** Adds to what was already collected for the row. */
  change(model: EngineModel, before: EngineRow, set: Record<string, unknown>): EngineRow {
    const key = `${model}:${before.id}`;
    const earlier = this.#pending.get(key);
    const row = { ...before, ...set };
    if (earlier?.kind === 'created') this.#pending.set(key, { kind: 'created', model, row });
    else if (earlier?.kind === 'changed')
      this.#pending.set(key, { ...earlier, row, set: { ...earlier.set, ...set } });
    else this.#pending.set(key, { kind: 'changed', model, row, before, set });
    return row;
  }

  remove(model: EngineModel, before: EngineRow): void {
    const key = `${model}:${before.id}`;
    if (this.#pending.get(key)?.kind === 'created') this.#pending.delete(key);
    else this.#pending.set(key, { kind: 'removed', model, before });
  }

  /** The row of the model that the engine made. @throws Error when it made none, or several */
  requireCreated(model: EngineModel): EngineRow {
    const createdRows = [...this.#pending.values()].filter(
      (each) => each.kind === 'created' && each.model === model,
    );
    const [only] = createdRows;
    if (createdRows.length !== 1 || only?.kind !== 'created') throw new Error(`expected one new ${model}`);
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
