export type LogFields = Record<string, unknown>;

/** Structured log; implementations redact (see `platform/observability`). */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
