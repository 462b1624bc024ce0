import type { Duplex } from 'node:stream';

export interface SqlQuery {
  query: string;
  params: unknown[];
}

/** A result in the form of Neon's HTTP protocol: every value as Postgres's text, or null. */
export interface SqlResult {
  command: string;
  rowCount: number;
  fields: { name: string; dataTypeID: number }[];
  rows: (string | null)[][];
}

/** The database behind the local endpoint. */
export interface DatabaseBackend {
  readonly description: string;
  /** Runs the queries in one transaction, rolled back when one fails. */
  run(
    queries: SqlQuery[],
    transaction: { isolationLevel?: string; readOnly?: boolean },
  ): Promise<SqlResult[]>;
  /** Speaks the Postgres wire protocol over the stream until either side ends. */
  relay(stream: Duplex): void;
  close(): Promise<void>;
}

/** `begin …` with the isolation and access mode that the driver asked for. */
export function beginStatement({
  isolationLevel,
  readOnly,
}: {
  isolationLevel?: string;
  readOnly?: boolean;
}): string {
  const levels: Record<string, string> = {
    ReadUncommitted: 'read uncommitted',
    ReadCommitted: 'read committed',
    RepeatableRead: 'repeatable read',
    Serializable: 'serializable',
  };
  const level = isolationLevel ? levels[isolationLevel] : undefined;
  return `begin${level ? ` isolation level ${level}` : ''}${readOnly ? ' read only' : ''}`;
}
