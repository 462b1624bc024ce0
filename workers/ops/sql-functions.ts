import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Client } from '@neondatabase/serverless';
import { CommandError, getReason } from '../local/command-error.ts';
import { hashText } from './migration-chain.ts';

/** A function of the database whose only definition is a `.sql` file beside the module that owns it. */
export interface SqlFunction {
  /** As SQL calls it: `take_seat` is defined in `take-seat.sql`. */
  name: string;
  path: string;
  sql: string;
  hash: string;
}

const DEFINITION = /^create or replace function (\w+)\(/gm;

/** @throws CommandError unless the file defines the one function that it is named after, so that it can be run again */
function parseSqlFunction(path: string, sql: string): SqlFunction {
  const name = basename(path, '.sql').replaceAll('-', '_');
  const defined = [...sql.matchAll(DEFINITION)].map((match) => match[1]);
  if (defined.length !== 1 || defined[0] !== name)
    throw new CommandError(`${path} must hold exactly one statement: create or replace function ${name}(…)`);
  return { name, path, sql, hash: hashText(sql) };
}

/** Every function under the folder, by name. @throws CommandError when a file is malformed, or two define one name */
export async function readSqlFunctions(folder: string): Promise<SqlFunction[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql'));
  const functions = await Promise.all(
    files.map(async (file) => parseSqlFunction(file, await readFile(join(folder, file), 'utf8'))),
  );
  functions.sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths = new Map<string, string>();
  for (const { name, path } of functions) {
    if (paths.has(name)) throw new CommandError(`${paths.get(name)} and ${path} define the same function`);
    paths.set(name, path);
  }
  return functions;
}

/** The functions that this database lacks, or has from another text. */
export async function selectChanged(client: Client, functions: SqlFunction[]): Promise<SqlFunction[]> {
  const { rows } = await client.query<{ name: string; hash: string }>(
    `select name, hash from drizzle.sql_functions
     where exists (select from pg_proc where proname = name and pronamespace = 'public'::regnamespace)`,
  );
  const applied = new Map(rows.map(({ name, hash }) => [name, hash]));
  return functions.filter(({ name, hash }) => applied.get(name) !== hash);
}

/** Defines one function and records its text. @throws CommandError naming the file that failed */
export async function applySqlFunction(
  client: Client,
  { name, path, sql, hash }: SqlFunction,
): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    throw new CommandError(`function ${name} (${path}) failed: ${getReason(error)}; nothing was applied`);
  }
  await client.query(
    `insert into drizzle.sql_functions (name, hash) values ($1, $2)
     on conflict (name) do update set hash = excluded.hash`,
    [name, hash],
  );
}
