import { connect } from 'node:net';
import { Pool, type PoolClient, type QueryArrayResult } from 'pg';
import { beginStatement, type DatabaseBackend, type SqlQuery, type SqlResult } from './backend.ts';

const asText = { getTypeParser: () => (value: string) => value };

type TextRows = QueryArrayResult<(string | null)[]>;

/**
 * Sends all statements at once: the server answers them in order, and none waits for the round trip of the one before.
 * After a failure it refuses the rest, and the commit rolls back.
 */
async function runPipelined(client: PoolClient, begin: string, queries: SqlQuery[]): Promise<SqlResult[]> {
  const answers = await Promise.allSettled([
    client.query(begin),
    ...queries.map(({ query: text, params: values }) =>
      client.query<(string | null)[]>({ text, values, rowMode: 'array' }),
    ),
    client.query('commit'),
  ]);
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

/** A real Postgres server behind the local endpoint. */
export function openPostgres(connectionString: string): DatabaseBackend {
  const pool = new Pool({ connectionString, max: 20, types: asText, pipeline: true });
  // An idle connection that the server drops is replaced at the next use.
  pool.on('error', () => undefined);
  const url = new URL(connectionString);
  return {
    description: `Postgres at ${url.host}`,
    async run(queries, transaction) {
      const client = await pool.connect();
      try {
        return await runPipelined(client, beginStatement(transaction), queries);
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
