import { connect } from 'node:net';
import { Pool } from 'pg';
import { type Backend, beginStatement, type SqlResult } from './backend.ts';

const asText = { getTypeParser: () => (value: string) => value };

/** A real Postgres server behind the local endpoint. */
export function openPostgres(connectionString: string): Backend {
  const pool = new Pool({ connectionString, max: 20, types: asText });
  // An idle connection that the server drops is replaced at the next use.
  pool.on('error', () => undefined);
  const url = new URL(connectionString);

  return {
    description: `Postgres at ${url.host}`,
    async run(queries, transaction) {
      const client = await pool.connect();
      let failure: Error | undefined;
      try {
        const results: SqlResult[] = [];
        await client.query(beginStatement(transaction));
        for (const { query, params } of queries) {
          const result = await client.query<(string | null)[]>({
            text: query,
            values: params,
            rowMode: 'array',
          });
          results.push({
            command: result.command,
            rowCount: result.rowCount ?? 0,
            fields: result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
            rows: result.rows,
          });
        }
        await client.query('commit');
        return results;
      } catch (error) {
        await client.query('rollback').catch((broken: Error) => {
          failure = broken;
        });
        throw error;
      } finally {
        client.release(failure);
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
