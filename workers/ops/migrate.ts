import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { neonConfig, Pool } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-serverless';
import { migrate } from 'drizzle-orm/neon-serverless/migrator';
import { openDatabase } from '../local/database/open-database.ts';
import { CommandError, getReason, runCommand } from '../local/command-error.ts';

interface Migration {
  name: string;
  sql: string;
  hash: string;
  /** Its place in the chain: the moment it was generated, in milliseconds. */
  when: number;
}

/** The chain in the folder, oldest first. @throws CommandError when a part of it is missing */
async function readChain(folder: string): Promise<Migration[]> {
  try {
    const journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')) as {
      entries: { tag: string; when: number }[];
    };
    return await Promise.all(
      journal.entries.map(async ({ tag, when }) => {
        const sql = await readFile(join(folder, `${tag}.sql`), 'utf8');
        return { name: tag, sql, hash: createHash('sha256').update(sql).digest('hex'), when };
      }),
    );
  } catch (error) {
    throw new CommandError(`the chain of migrations cannot be read: ${getReason(error)}`);
  }
}

/** What the database has of the chain, by place; empty for a new database. @throws CommandError when it is not there */
async function readApplied(pool: Pool): Promise<Map<number, string>> {
  const journalCheck = await pool
    .query<{ known: boolean }>(`select to_regclass('drizzle.__drizzle_migrations') is not null as known`)
    .catch((error: unknown) => {
      throw new CommandError(`the database cannot be reached: ${getReason(error)}`);
    });
  if (!journalCheck.rows[0]?.known) return new Map();
  const { rows } = await pool.query<{ created_at: string; hash: string }>(
    'select created_at, hash from drizzle.__drizzle_migrations',
  );
  return new Map(rows.map((row) => [Number(row.created_at), row.hash]));
}

function openPool(connectionString: string, localEndpoint: string | undefined): Pool {
  if (localEndpoint) {
    neonConfig.wsProxy = () => `${new URL(localEndpoint).host}/v2`;
    neonConfig.useSecureWebSocket = false;
    neonConfig.pipelineTLS = false;
    neonConfig.pipelineConnect = false;
  }
  const pool = new Pool({ connectionString, max: 1 });
  // What breaks while a query runs rejects that query; a connection that breaks while it is closed is of no concern.
  pool.on('error', () => undefined);
  return pool;
}

/** @throws CommandError when a migration was edited after this database got it: the chain is append-only */
function requireSameHistory(chain: Migration[], applied: Map<number, string>): void {
  for (const { name, when, hash } of chain)
    if (applied.has(when) && applied.get(when) !== hash)
      throw new CommandError(
        `migration ${name} was changed after this database applied it; migrations are append-only: add a new one`,
      );
}

/** Drizzle applies what is newer than the newest it finds. */
function filterPending(chain: Migration[], applied: Map<number, string>): Migration[] {
  const newest = Math.max(0, ...applied.keys());
  return chain.filter(({ when }) => when > newest);
}

function toMigrationError(error: unknown, pending: Migration[]): CommandError {
  const { query, cause } = error as { query?: string; cause?: unknown };
  const broken = query === undefined ? undefined : pending.find(({ sql }) => sql.includes(query));
  return new CommandError(
    `migration ${broken?.name ?? 'of the database'} failed: ${getReason(cause ?? error)}; nothing was applied`,
  );
}

/** The names of the migrations that the database does not have yet, in order. */
export async function pendingMigrations(
  connectionString: string,
  localEndpoint?: string,
  folder = 'migrations',
): Promise<string[]> {
  const pool = openPool(connectionString, localEndpoint);
  try {
    const [chain, applied] = await Promise.all([readChain(folder), readApplied(pool)]);
    requireSameHistory(chain, applied);
    return filterPending(chain, applied).map(({ name }) => name);
  } finally {
    await pool.end();
  }
}

/**
 * Applies the migrations that the database does not have yet, all in one transaction; safe to run twice.
 * @param connectionString of Neon, or of what stands behind `localEndpoint`
 * @returns the names of those it applied
 * @throws CommandError naming the migration that failed
 */
export async function applyMigrations(
  connectionString: string,
  localEndpoint?: string,
  folder = 'migrations',
): Promise<string[]> {
  const pool = openPool(connectionString, localEndpoint);
  try {
    const [chain, applied] = await Promise.all([readChain(folder), readApplied(pool)]);
    requireSameHistory(chain, applied);
    const pending = filterPending(chain, applied);
    try {
      await migrate(drizzle(pool), { migrationsFolder: folder });
    } catch (error) {
      throw toMigrationError(error, pending);
    }
    return pending.map(({ name }) => name);
  } finally {
    await pool.end();
  }
}

/** `npm run db:migrate [-- --dry-run]` on the database that DATABASE_URL names. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  const url = process.env.DATABASE_URL;
  if (!url) throw new CommandError('DATABASE_URL names the database to migrate; it is not set');
  const database = await openDatabase({ url, dataDir: undefined, port: 0 });
  try {
    if (values['dry-run']) {
      const pending = await pendingMigrations(database.connectionString, database.localEndpoint);
      console.log(pending.length === 0 ? 'no migration is pending' : `pending:\n  ${pending.join('\n  ')}`);
      return;
    }
    const applied = await applyMigrations(database.connectionString, database.localEndpoint);
    console.log(applied.length === 0 ? 'no migration was pending' : `applied:\n  ${applied.join('\n  ')}`);
  } finally {
    await database.close();
  }
}

if (import.meta.main) await runCommand('db:migrate', main);
