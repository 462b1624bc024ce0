import { AppError, errorByCode, serverErrors } from '../core/index.ts';

/** The SQLSTATE that the database's `guard` function raises; its message is an error code of the catalogue. */
const GUARD_FAILED = 'AL001';
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION = new Set(['40001', '40P01']);
/** Refused before anything ran: too many connections, shutting down, cannot connect now. */
const NOT_ACCEPTED = new Set(['53300', '57P01', '57P02', '57P03', '08001', '08004']);
const STATEMENT_TIMEOUT = '57014';

interface DatabaseFailure {
  sqlState: string | undefined;
  message: string;
  constraint: string | undefined;
}

/** Drizzle wraps the driver's error, the driver wraps the network's: the innermost one with a SQLSTATE speaks. */
export function readDatabaseFailure(error: unknown): DatabaseFailure {
  let message = error instanceof Error ? error.message : String(error);
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, constraint } = current as Error & { code?: unknown; constraint?: unknown };
    message = current.message;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code))
      return { sqlState: code, message, constraint: typeof constraint === 'string' ? constraint : undefined };
  }
  return { sqlState: undefined, message, constraint: undefined };
}

/** The name of the unique constraint that refused the write; undefined for any other failure. */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  const failure = readDatabaseFailure(error);
  return failure.sqlState === UNIQUE_VIOLATION ? failure.constraint : undefined;
}

/** Surely did not commit, and may go through when tried again. */
export function isSafeToRetry(error: unknown): boolean {
  const { sqlState } = readDatabaseFailure(error);
  return sqlState !== undefined && (SERIALIZATION.has(sqlState) || NOT_ACCEPTED.has(sqlState));
}

/** May go through when tried again; a lost answer counts, so this is for reads. */
export function isTransient(error: unknown): boolean {
  return (
    !(error instanceof AppError) &&
    (readDatabaseFailure(error).sqlState === undefined || isSafeToRetry(error))
  );
}

/** Speaks against the database itself, not against what was asked of it. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AppError) return false;
  const { sqlState } = readDatabaseFailure(error);
  return sqlState === undefined || NOT_ACCEPTED.has(sqlState) || sqlState === STATEMENT_TIMEOUT;
}

/** A failed guard becomes the error it names; an outage becomes 503; anything else stays what it is, a defect. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { sqlState, message } = readDatabaseFailure(error);
  if (sqlState === GUARD_FAILED) {
    const factory = errorByCode(message);
    return factory ? factory({ cause: error }) : error;
  }
  if (isOutage(error))
    return serverErrors.unavailable({
      detail: 'the database is not available',
      retryAfterSeconds: 1,
      cause: error,
    });
  return error;
}
