import { DatabaseSync } from 'node:sqlite';
import type { KeyValueStorage, Sql } from '../../src/kernel/durable/index.ts';

/** The key-value storage of a Durable Object, in memory: values are copied, keys are in order. */
export class MemoryKeyValueStorage implements KeyValueStorage {
  readonly #values = new Map<string, unknown>();

  get(key: string): unknown {
    return structuredClone(this.#values.get(key));
  }

  put(key: string, value: unknown): void {
    this.#values.set(key, structuredClone(value));
  }

  delete(key: string): boolean {
    return this.#values.delete(key);
  }

  list({ prefix, end, limit }: { prefix: string; end?: string; limit?: number }): [string, unknown][] {
    const keys = [...this.#values.keys()].filter(
      (key) => key.startsWith(prefix) && (end === undefined || key < end),
    );
    return keys
      .sort()
      .slice(0, limit)
      .map((key) => [key, this.#values.get(key)]);
  }

  get size(): number {
    return this.#values.size;
  }
}

/** The SQLite of a Durable Object, in memory. */
export function createMemorySql(): Sql {
  const database = new DatabaseSync(':memory:');
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return {
    exec(query, ...bindings) {
      let statement = statements.get(query);
      if (!statement) statements.set(query, (statement = database.prepare(query)));
      return statement.all(...bindings) as Record<string, unknown>[];
    },
  };
}
