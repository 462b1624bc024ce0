import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { type DatabaseBackend, beginStatement, type SqlQuery, type SqlResult } from './backend.ts';
import { makePrivate } from '../private-files.ts';
import { emptyCluster } from './empty-cluster.ts';

/**
 * Makes values go in and come out as Postgres' own text, whatever their type. Of the database and not of each query:
 * PGlite copies those of a query for every result, and there are hundreds.
 */
async function setTextCodecs(db: PGlite): Promise<void> {
  const { rows } = await db.query<{ oid: number }>('select oid::int from pg_type');
  for (const { oid } of rows) {
    db.parsers[oid] = (value: string) => value;
    db.serializers[oid] = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  }
}

const READY_FOR_QUERY = 0x5a; // 'Z'
const IDLE = 0x49; // 'I'
const TERMINATE = 0x58; // 'X'

/** Whether the backend's answer ends outside a transaction, so that the next client can use the connection. */
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
  /** Exports everything as an archive from which another one can be created. */
  dump(): Promise<Blob>;
  /** The same of one that was created by being opened; undefined otherwise. */
  dumpNew?: () => Promise<Blob>;
}

async function runInTransaction(
  db: PGlite,
  queries: SqlQuery[],
  transaction: Parameters<DatabaseBackend['run']>[1],
): Promise<SqlResult[]> {
  const results: SqlResult[] = [];
  await db.exec(beginStatement(transaction));
  try {
    for (const { query, params } of queries) {
      const result = await db.query<(string | null)[]>(query, params, { rowMode: 'array' });
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
}

/** One client that speaks the wire protocol; it holds the connection while its transaction is open. */
class WireClient {
  readonly #db: PGlite;
  readonly #mutex: Mutex;
  readonly #stream: Duplex;
  #release: (() => void) | undefined;
  #ended = false;
  #taskQueue = Promise.resolve();

  constructor(db: PGlite, mutex: Mutex, stream: Duplex) {
    this.#db = db;
    this.#mutex = mutex;
    this.#stream = stream;
    stream.on('data', (chunk: Uint8Array) => this.#enqueue(() => this.#handleChunk(chunk)));
    stream.on('close', () => this.#enqueue(() => this.#finish()));
    stream.on('error', () => this.#enqueue(() => this.#finish()));
  }

  #enqueue(task: () => Promise<void>): void {
    this.#taskQueue = this.#taskQueue.then(task).catch((error: unknown) => {
      this.#stream.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #handleChunk(chunk: Uint8Array): Promise<void> {
    if (this.#ended) return;
    if (chunk[0] === TERMINATE) {
      await this.#finish();
      this.#stream.end();
      return;
    }
    this.#release ??= await this.#mutex.acquire();
    const reply = await this.#db.execProtocolRaw(chunk);
    this.#stream.write(reply);
    if (endsOutsideTransaction(reply)) this.#releaseConnection();
  }

  async #finish(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#release) return;
    try {
      await this.#db.exec('rollback');
      await this.#db.exec('discard all'); // a statement of its own: Postgres refuses it inside a transaction
    } finally {
      this.#releaseConnection();
    }
  }

  #releaseConnection(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

/** Another start may have replaced the archive by one of other migrations. */
async function readArchive(archive: string | undefined): Promise<Blob> {
  const kept = archive === undefined ? undefined : await readFile(archive).catch(() => undefined);
  return kept ? new Blob([kept]) : emptyCluster();
}

/**
 * Postgres in WebAssembly, with pgvector.
 * @param dataDir data directory; in memory when undefined
 * @param archive file with the content of a new database; empty when left out
 */
export async function openPglite(dataDir: string | undefined, archive?: string): Promise<Pglite> {
  const exists = dataDir !== undefined && existsSync(join(dataDir, 'PG_VERSION'));
  const db = await PGlite.create({
    ...(dataDir ? { dataDir } : {}),
    ...(exists ? {} : { loadDataDir: await readArchive(archive) }),
    extensions: { vector },
  });
  // The files of the archive arrive writable for everyone, whatever the umask; those that Postgres adds do not.
  if (dataDir !== undefined && !exists) await makePrivate(dataDir);
  await db.exec('create extension if not exists vector');
  await setTextCodecs(db);
  const mutex = new Mutex();
  const dump = () => db.dumpDataDir('none');
  return {
    description: dataDir ? `PGlite in ${dataDir}` : 'PGlite in memory',
    async run(queries, transaction) {
      const release = await mutex.acquire();
      try {
        return await runInTransaction(db, queries, transaction);
      } finally {
        release();
      }
    },
    relay: (stream) => void new WireClient(db, mutex, stream),
    dump,
    ...(exists ? {} : { dumpNew: dump }),
    close: () => db.close(),
  };
}
