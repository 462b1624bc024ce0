import { CommandError, getReason } from '../command-error.ts';
import type { DatabaseBackend } from './backend.ts';
import { serveDatabase } from './endpoint.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

export interface LocalDatabase {
  description: string;
  connectionString: string;
  /** The local endpoint; undefined when the driver connects to Neon itself. */
  localEndpoint: string | undefined;
  /** Exports the embedded database, if it is new; undefined for all others. */
  dumpNew?: (() => Promise<Blob>) | undefined;
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** A database to use instead of the embedded one. */
  url: string | undefined;
  /** Data directory of the embedded database; undefined for in memory. */
  dataDir: string | undefined;
  /** Port of the local endpoint; 0 for a free one. */
  port: number;
  /** An archive that a new embedded database begins with; undefined for an empty one. */
  archive?: string | undefined;
}

const TLS_MODES = new Set(['require', 'verify-ca', 'verify-full']);
const isNeon = (host: string) => host.endsWith('.neon.tech') || host.endsWith('.neon.build');

function parsePostgresUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw new CommandError('DATABASE_URL must be a URL of the form postgres://user:password@host/database');
  return url;
}

async function openBackend({
  url,
  dataDir,
  archive,
}: OpenDatabaseOptions): Promise<DatabaseBackend & { dumpNew?: () => Promise<Blob> }> {
  try {
    if (url === undefined) return await openPglite(dataDir, archive);
    const backend = openPostgres(url);
    await backend.run([{ query: 'select 1', params: [] }], {});
    return backend;
  } catch (error) {
    const target = url === undefined ? `the database in ${dataDir}` : 'the database that DATABASE_URL names';
    throw new CommandError(`${target} cannot be opened: ${getReason(error)}`);
  }
}

const EMBEDDED_URL = 'postgres://postgres:postgres@127.0.0.1/postgres';

/**
 * How the Worker connects to the database: to Neon directly, to any other through the endpoint on this port.
 * @throws CommandError when the URL is not one of Postgres
 */
export function databaseSettings(url: string | undefined, port: number) {
  const isDirect = url !== undefined && isNeon(parsePostgresUrl(url).hostname);
  return {
    DATABASE_URL: url ?? EMBEDDED_URL,
    NEON_LOCAL_ENDPOINT: isDirect ? '' : `http://127.0.0.1:${port}`,
  };
}

/**
 * The database of a local copy: an embedded one behind the local endpoint, a Postgres server behind the same endpoint,
 * or Neon, which needs none.
 * @throws CommandError when it cannot be reached
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<LocalDatabase> {
  const { url, port } = options;
  if (url !== undefined) {
    const { hostname, searchParams } = parsePostgresUrl(url);
    if (!isNeon(hostname) && TLS_MODES.has(searchParams.get('sslmode') ?? ''))
      throw new CommandError('DATABASE_URL asks for TLS, which the local endpoint speaks to Neon alone');
    if (isNeon(hostname))
      return {
        description: `Neon at ${hostname}`,
        connectionString: url,
        localEndpoint: undefined,
        close: async () => undefined,
      };
  }
  const backend = await openBackend(options);
  const endpoint = await serveDatabase(backend, port);
  return {
    description: backend.description,
    connectionString: url ?? EMBEDDED_URL,
    localEndpoint: endpoint.url,
    dumpNew: backend.dumpNew,
    close: endpoint.close,
  };
}
