import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@neondatabase/serverless';
import { CommandError, getReason } from '../local/command-error.ts';

/** One file of the chain in `migrations/`. */
export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file's text; the file's name is not part of it. */
  hash: string;
  /** Its place in the chain: the moment it was generated, in milliseconds. */
  when: number;
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The chain in the folder, oldest first. @throws CommandError when a part of it is missing */
export async function readChain(folder: string): Promise<Migration[]> {
  try {
    const journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')) as {
      entries: { tag: string; when: number }[];
    };
    return await Promise.all(
      journal.entries.map(async ({ tag, when }) => {
        const sql = await readFile(join(folder, `${tag}.sql`), 'utf8');
        return { name: tag, sql, hash: hashText(sql), when };
      }),
    );
  } catch (error) {
    throw new CommandError(`the chain of migrations cannot be read: ${getReason(error)}`);
  }
}

/** Makes the tables that record what was applied; the first one is Drizzle's, in its own shape. */
export async function createJournal(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    create table if not exists drizzle.sql_functions (name text primary key, hash text not null)`);
}

/** @throws CommandError when a migration was edited after this database applied it */
function requireSameHistory(chain: Migration[], applied: Map<number, string>): void {
  for (const { name, when, hash } of chain)
    if (applied.has(when) && applied.get(when) !== hash)
      throw new CommandError(
        `migration ${name} was changed after this database applied it; migrations are append-only: add a new one`,
      );
}

/**
 * The migrations that are newer than the newest one this database has, oldest first.
 * @throws CommandError when an applied migration was edited
 */
export async function selectPending(client: Client, chain: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ created_at: string; hash: string }>(
    'select created_at, hash from drizzle.__drizzle_migrations',
  );
  const applied = new Map(rows.map((row) => [Number(row.created_at), row.hash]));
  requireSameHistory(chain, applied);
  const newest = Math.max(0, ...applied.keys());
  return chain.filter(({ when }) => when > newest);
}

/** Runs one migration and records it. @throws CommandError naming the migration that failed */
export async function applyMigration(client: Client, { name, sql, hash, when }: Migration): Promise<void> {
  try {
    for (const statement of sql.split('--> statement-breakpoint')) await client.query(statement);
  } catch (error) {
    throw new CommandError(`migration ${name} failed: ${getReason(error)}; nothing was applied`);
  }
  await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
    hash,
    when,
  ]);
}
