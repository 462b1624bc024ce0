import { connect } from 'node:net';
import type { Writable } from 'node:stream';
import { Pool, type PoolClient, type QueryArrayResult } from 'pg';
import { beginStatement, type DatabaseBackend, type SqlQuery, type SqlResult } from './backend.ts';

const asText = { getTypeParser: () => (value: string) => value };

type TextRows = QueryArrayResult<(string | null)[]>;

/** Sends what is written meanwhile in one piece: each piece costs a call of the system, and wakes the server. */
function inOnePiece<T>(client: PoolClient, write: () => T): T {
  const { stream } = (client as PoolClient & { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return write();
  } finally {
    stream.uncork();
  }
}

/**
 * Sends all statements at once: the server answers them in order, and none waits for the round trip of the one before.
 * After a failure it refuses the rest, and the commit rolls back.
 */
async function runPipelined(
  client: PoolClient,
  begin: string,
  queries: SqlQuery[],
  nameOf: (text: string) => string | undefined,
): Promise<SqlResult[]> {
  const sent = inOnePiece(client, () => [
    client.query(begin),
    ...queries.map(({ query: text, params: values }) => {
      const name = nameOf(text);
      return client.query<(string | null)[]>({ ...(name && { name }), text, values, rowMode: 'array' });
    }),
    client.query('commit'),
  ]);
  const answers = await Promise.allSettled(sent);
  const failure = answers.find((each) => each.status === 'rejected');
  if (failure) throw failure.reason;
  const results = answers.slice(1, -1) as PromiseFulfilledResult<TextRows>[];
  return results.map(({ value: { command, rowCount, fields, rows } }) => ({
    command,
    rowCount: rowCount ?? 0,
    fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    rows,
  }));
}

/** Names statements by their text, so that a connection prepares each of them once. */
function createStatementNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return name;
  };
}

export interface PostgresOptions {
  /**
   * Whether connections keep their prepared statements: cheaper, but only for a server that is reached without a pooler and whose
   * tables do not change meanwhile.
   */
  prepares?: boolean;
  /** The folder of the server's sockets on this machine; by its address when left out. */
  socketFolder?: string | undefined;
}

/** A real Postgres server behind the local endpoint. */
export function openPostgres(
  connectionString: string,
  { prepares = false, socketFolder }: PostgresOptions = {},
): DatabaseBackend {
  const nameOf = prepares ? createStatementNames() : () => undefined;
  const url = new URL(connectionString);
  const local = new URL(url);
  if (socketFolder) local.searchParams.set('host', socketFolder);
  const pool = new Pool({ connectionString: local.href, max: 20, types: asText, pipeline: true });
  // An idle connection that the server drops is replaced at the next use.
  pool.on('error', () => undefined);
  return {
    description: `Postgres at ${url.host}`,
    async run(queries, transaction) {
      const client = await pool.connect();
      try {
        return await runPipelined(client, beginStatement(transaction), queries, nameOf);
      } finally {
        client.release();
      }
    },
    relay(stream) {
      const socket = connect(Number(url.port || 5432), url.hostname);
      stream.pipe(socket).pipe(stream);
      stream.on('error', () => socket.destroy());
      socket.on('error', () => stream.destroy());
    },
    close: () => pool.end(),
  };
}
