import { connect } from 'node:net';
import { Pool, type QueryArrayResult } from 'pg';
import { type DatabaseBackend, beginStatement } from './backend.ts';

const asText = { getTypeParser: () => (value: string) => value };

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
        // All at once: the server answers one after the other, and none waits for the way of the one before. After a
        // failure it refuses the rest, and the commit rolls back.
        const queriesInFlight = [
          client.query(beginStatement(transaction)),
          ...queries.map(({ query: text, params: values }) =>
            client.query<(string | null)[]>({ text, values, rowMode: 'array' }),
          ),
          client.query('commit'),
        ];
        const answers = await Promise.allSettled(queriesInFlight);
        const failure = answers.find((each) => each.status === 'rejected');
        if (failure) throw failure.reason;
        const results = answers.slice(1, -1) as PromiseFulfilledResult<QueryArrayResult<(string | null)[]>>[];
        return results.map(({ value: { command, rowCount, fields, rows } }) => ({
          command,
          rowCount: rowCount ?? 0,
          fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
          rows,
        }));
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
