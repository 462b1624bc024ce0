import type { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { type DatabaseBackend, beginStatement, type SqlQuery, type SqlResult } from './backend.ts';

/** Values go in and come out as Postgres' own text, whatever their type. */
async function createTextCodecs(db: PGlite) {
  const { rows } = await db.query<{ oid: number }>('select oid::int from pg_type');
  const forAllTypes = <T>(codec: T): Record<number, T> =>
    Object.fromEntries(rows.map(({ oid }) => [oid, codec]));
  return {
    parsers: forAllTypes((value: string) => value),
    serializers: forAllTypes((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))),
  };
}

const READY_FOR_QUERY = 0x5a; // 'Z'
const IDLE = 0x49; // 'I'
const TERMINATE = 0x58; // 'X'

/** Whether the backend's answer ends outside a transaction, so that another client may have its turn. */
function endsOutsideTransaction(answer: Uint8Array): boolean {
  let offset = 0;
  let idle = false;
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  while (offset + 5 <= answer.length) {
    if (answer[offset] === READY_FOR_QUERY) idle = answer[offset + 5] === IDLE;
    offset += 1 + view.getUint32(offset + 1);
  }
  return idle;
}

/** One client after another: PGlite has a single connection. */
class Mutex {
  #tail: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, with the function that ends it. */
  async acquire(): Promise<() => void> {
    const previous = this.#tail;
    let release = () => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await previous;
    return release;
  }
}

export interface Pglite extends DatabaseBackend {
  /** Everything in it, as a file that another one can begin with. */
  dump(): Promise<Blob>;
}

/**
 * Postgres in WebAssembly, with pgvector.
 * @param dataDir where it is kept; in memory when undefined
 * @param dump what it begins with, if it is new
 */
export async function openPglite(dataDir: string | undefined, dump?: Blob): Promise<Pglite> {
  const db = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    ...(dump ? { loadDataDir: dump } : {}),
    extensions: { vector },
  });
  await db.exec('create extension if not exists vector');
  const codecs = await createTextCodecs(db);
  const mutex = new Mutex();

  const run = async (
    queries: SqlQuery[],
    transaction: Parameters<DatabaseBackend['run']>[1],
  ): Promise<SqlResult[]> => {
    const release = await mutex.acquire();
    try {
      const results: SqlResult[] = [];
      await db.exec(beginStatement(transaction));
      try {
        for (const { query, params } of queries) {
          const result = await db.query<(string | null)[]>(query, params, { rowMode: 'array', ...codecs });
          results.push({
            command: (query.trimStart().split(/\s/, 1)[0] ?? '').toUpperCase(),
            rowCount: result.affectedRows ?? result.rows.length,
            fields: result.fields,
            rows: result.rows,
          });
        }
        await db.exec('commit');
      } catch (error) {
        await db.exec('rollback');
        throw error;
      }
      return results;
    } finally {
      release();
    }
  };

  const relay = (stream: Duplex): void => {
    let release: (() => void) | undefined;
    let ended = false;
    let taskQueue = Promise.resolve();
    const finish = async () => {
      if (ended) return;
      ended = true;
      if (!release) return;
      try {
        await db.exec('rollback');
        await db.exec('discard all'); // by itself: Postgres refuses it inside a transaction
      } finally {
        release();
        release = undefined;
      }
    };
    const handleChunk = async (chunk: Uint8Array) => {
      if (ended) return;
      if (chunk[0] === TERMINATE) {
        await finish();
        stream.end();
        return;
      }
      release ??= await mutex.acquire();
      const reply = await db.execProtocolRaw(chunk);
      stream.write(reply);
      if (endsOutsideTransaction(reply)) {
        release();
        release = undefined;
      }
    };
    const enqueue = (task: () => Promise<void>) => {
      taskQueue = taskQueue.then(task).catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    };
    stream.on('data', (chunk: Uint8Array) => enqueue(() => handleChunk(chunk)));
    stream.on('close', () => enqueue(finish));
    stream.on('error', () => enqueue(finish));
  };

  return {
    description: dataDir ? `PGlite in ${dataDir}` : 'PGlite in memory',
    run,
    relay,
    dump: () => db.dumpDataDir('none'),
    close: () => db.close(),
  };
}
