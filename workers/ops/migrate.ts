import { parseArgs } from 'node:util';
import { Client, neonConfig } from '@neondatabase/serverless';
import { CommandError, getReason, runCommand } from '../local/command-error.ts';
import { openDatabase } from '../local/database/open-database.ts';
import {
  applyMigration,
  createJournal,
  type Migration,
  readChain,
  selectPending,
} from './migration-chain.ts';
import { applySqlFunction, readSqlFunctions, selectChanged, type SqlFunction } from './sql-functions.ts';

/** Where the files are. */
export interface MigrationFolders {
  /** The chain: `migrations` of the repository. */
  chain?: string;
  /** The functions that stand beside their modules: `src` of the repository. */
  functions?: string;
}

interface Pending {
  migrations: Migration[];
  functions: SqlFunction[];
}

/** The key of the lock that lets one process migrate a database at a time. */
const MIGRATION_LOCK = 4_117_280_935;

/** @throws CommandError when the database does not answer */
async function connect(connectionString: string, localEndpoint: string | undefined): Promise<Client> {
  if (localEndpoint) {
    neonConfig.wsProxy = () => `${new URL(localEndpoint).host}/v2`;
    neonConfig.useSecureWebSocket = false;
    neonConfig.pipelineTLS = false;
    neonConfig.pipelineConnect = false;
  }
  const client = new Client(connectionString);
  // A failing query rejects by itself; a connection that breaks while it is closed needs no handling.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new CommandError(`the database cannot be reached: ${getReason(error)}`);
  }
}

/** Finds the pending changes, hands them to `work`, and commits the work only when it asks for that. */
async function withPending(
  connectionString: string,
  localEndpoint: string | undefined,
  { chain = 'migrations', functions = 'src' }: MigrationFolders,
  work: (client: Client, pending: Pending) => Promise<'commit' | 'rollback'>,
): Promise<string[]> {
  const [migrations, sqlFunctions] = await Promise.all([readChain(chain), readSqlFunctions(functions)]);
  const client = await connect(connectionString, localEndpoint);
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await createJournal(client);
    const pending = {
      migrations: await selectPending(client, migrations),
      functions: await selectChanged(client, sqlFunctions),
    };
    await client.query(await work(client, pending));
    return [
      ...pending.migrations.map(({ name }) => name),
      ...pending.functions.map(({ name }) => `function ${name}`),
    ];
  } finally {
    await client.end();
  }
}

/**
 * The changes that the database does not have yet, in order: names of migrations, then `function <name>` for each function whose
 * text differs.
 * @throws CommandError when the database is not reachable, or an applied migration was edited
 */
export function pendingMigrations(
  connectionString: string,
  localEndpoint?: string,
  folders: MigrationFolders = {},
): Promise<string[]> {
  return withPending(connectionString, localEndpoint, folders, () => Promise.resolve('rollback'));
}

/** Roles belong to the server: two databases that are migrated for the first time at once may both create them. */
const hasLostRoleRace = (error: unknown): boolean =>
  error instanceof CommandError && error.message.includes('pg_authid_rolname_index');

/**
 * Applies the pending migrations, then the functions whose text differs, all in one transaction. Running it twice
 * changes nothing; of two processes that run it at the same time, the second waits and finds nothing to do.
 * @param connectionString of Neon, or of the database behind `localEndpoint`
 * @returns what it applied, named as `pendingMigrations` does
 * @throws CommandError naming the migration or function that failed
 */
export async function applyMigrations(
  connectionString: string,
  localEndpoint?: string,
  folders: MigrationFolders = {},
): Promise<string[]> {
  const apply = () =>
    withPending(connectionString, localEndpoint, folders, async (client, { migrations, functions }) => {
      for (const migration of migrations) await applyMigration(client, migration);
      for (const each of functions) await applySqlFunction(client, each);
      return 'commit';
    });
  try {
    return await apply();
  } catch (error) {
    if (!hasLostRoleRace(error)) throw error;
    return apply();
  }
}

/** `npm run db:migrate [-- --dry-run]` on the database that DATABASE_URL names. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  const url = process.env.DATABASE_URL;
  if (!url) throw new CommandError('DATABASE_URL names the database to migrate; it is not set');
  const database = await openDatabase({ url, dataDir: undefined, port: 0 });
  const run = values['dry-run'] ? pendingMigrations : applyMigrations;
  try {
    const names = await run(database.connectionString, database.localEndpoint);
    const word = values['dry-run'] ? 'pending' : 'applied';
    console.log(names.length === 0 ? 'nothing was pending' : `${word}:\n  ${names.join('\n  ')}`);
  } finally {
    await database.close();
  }
}

if (import.meta.main) await runCommand('db:migrate', main);
