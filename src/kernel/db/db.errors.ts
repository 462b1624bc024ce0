import { AppError, errorByCode, type ErrorDetails, serverErrors } from '../core/index.ts';

/** The SQLSTATE that the database's `guard` function raises; its message is an error code of the catalogue. */
const GUARD_FAILED = 'AL001';
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION = new Set(['40001', '40P01']);
/** Refused before a statement ran: too many connections, shutting down, cannot connect. */
const NOT_ACCEPTED = new Set(['53300', '57P01', '57P02', '57P03', '08001', '08004']);
const STATEMENT_TIMEOUT = '57014';
/** The class of SQLSTATEs for values that a statement cannot work with. */
const DATA_EXCEPTION = '22';
/** The class of SQLSTATEs for constraints of a table. */
const CONSTRAINT_VIOLATION = '23';

interface DatabaseFailure {
  sqlState: string | undefined;
  message: string;
  constraint: string | undefined;
  /** The details of a guard's refusal, as JSON. */
  detail: string | undefined;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Finds the SQLSTATE in a chain of causes: Drizzle wraps the driver's error, the driver wraps the network's. */
export function readDatabaseFailure(error: unknown): DatabaseFailure {
  let message = error instanceof Error ? error.message : String(error);
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint, detail } = current as Error & Record<'code' | 'constraint' | 'detail', unknown>;
    message = current.message;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code))
      return { sqlState: code, message, constraint: textOf(constraint), detail: textOf(detail) };
  }
  return { sqlState: undefined, message, constraint: undefined, detail: undefined };
}

/** The name of the violated unique constraint; undefined for any other failure. */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  const failure = readDatabaseFailure(error);
  return failure.sqlState === UNIQUE_VIOLATION ? failure.constraint : undefined;
}

/** Whether the database refused a value, such as a date out of its range; each further attempt would end the same way. */
export const isValueRefused = (error: unknown): boolean =>
  readDatabaseFailure(error).sqlState?.startsWith(DATA_EXCEPTION) ?? false;

/** Whether a row would have violated a constraint of its table; with the same row each further attempt would end the same way. */
export const isRowRefused = (error: unknown): boolean =>
  readDatabaseFailure(error).sqlState?.startsWith(CONSTRAINT_VIOLATION) ?? false;

/** Whether the batch certainly did not commit and a retry may succeed. */
export function isSafeToRetry(error: unknown): boolean {
  const { sqlState } = readDatabaseFailure(error);
  return sqlState !== undefined && (SERIALIZATION.has(sqlState) || NOT_ACCEPTED.has(sqlState));
}

/** Whether a retry may succeed; includes lost answers, so it is only for reads. */
export function isTransient(error: unknown): boolean {
  return (
    !(error instanceof AppError) &&
    (readDatabaseFailure(error).sqlState === undefined || isSafeToRetry(error))
  );
}

/** Whether the database itself failed, as opposed to the statement. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AppError) return false;
  const { sqlState } = readDatabaseFailure(error);
  return sqlState === undefined || NOT_ACCEPTED.has(sqlState) || sqlState === STATEMENT_TIMEOUT;
}

/** Turns a failed guard into the error it names and an outage into 503; any other error is returned unchanged. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { sqlState, message, detail } = readDatabaseFailure(error);
  if (sqlState === GUARD_FAILED) {
    const factory = errorByCode(message);
    if (!factory) return error;
    return factory({ cause: error, ...(detail && (JSON.parse(detail) as ErrorDetails)) });
  }
  if (isOutage(error))
    return serverErrors.unavailable({
      detail: 'the database is not available',
      retryAfterSeconds: 1,
      cause: error,
    });
  return error;
}
