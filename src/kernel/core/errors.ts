/**
 * The error model. A module declares its errors with `defineErrors`; an entrypoint translates what was thrown. A thrown
 * value that is not an `AppError` is a defect: it is logged and answered with an opaque 500.
 */

export interface ErrorDefinition {
  /** Stable and dotted: `rooms.full`. Part of the API contract. */
  code: string;
  status:
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 406
    | 408
    | 409
    | 410
    | 411
    | 412
    | 413
    | 415
    | 422
    | 426
    | 428
    | 429
    | 500
    | 502
    | 503
    | 504;
  /** Names the problem; the same text for every occurrence. */
  title: string;
  /** Seconds after which a retry makes sense, unless the occurrence gives its own. */
  retryAfterSeconds?: number;
}

export interface FieldError {
  /** JSON pointer into the body, or `#/query/…`, `#/path/…`, `#/header/…`. */
  pointer: string;
  message: string;
}

/** The terms of a plan in a refusal. */
export interface PlanLimit {
  /** Name of the limit or the feature: `members`. */
  name: string;
  plan: string;
  /** Most that the organization may have; null for a feature that it does not have. */
  value: number | null;
  /** The number before the refused request; null for a feature or the size of one thing. */
  used: number | null;
  left: number | null;
  /** How many more seats of the subscription would help; null, or absent, where seats are no remedy. */
  moreSeats?: number | null;
  /** Total number of seats that the subscription needs; null, or absent, where seats are no remedy. */
  seatsNeeded?: number | null;
  /** The remedy; null, or absent, for a larger plan. */
  remedy?: 'larger_plan' | 'more_seats' | 'end_trial' | 'raise_limit' | 'contact_support' | null;
}

export interface ErrorDetails {
  /** The details of this error, for the caller; never a stack, SQL, a secret or an upstream body. */
  detail?: string;
  errors?: FieldError[];
  /** The terms of the organization's plan, when they do not allow the request. */
  limit?: PlanLimit;
  /** Seconds; becomes the `Retry-After` header. */
  retryAfterSeconds?: number;
  /** For the log only. */
  cause?: unknown;
}

export class AppError extends Error {
  readonly definition: ErrorDefinition;
  readonly details: ErrorDetails;

  constructor(definition: ErrorDefinition, details: ErrorDetails = {}) {
    super(details.detail ?? definition.title, { cause: details.cause });
    this.name = 'AppError';
    this.definition = definition;
    this.details = details;
  }

  get code(): string {
    return this.definition.code;
  }

  get status(): ErrorDefinition['status'] {
    return this.definition.status;
  }
}

/** Makes errors of one code: call it to create the error, use `.definition` to declare it in a route. */
export interface ErrorFactory {
  (details?: ErrorDetails): AppError;
  readonly definition: ErrorDefinition;
}

/** Whether what was thrown is one of these errors. */
export const isError = (thrown: unknown, ...errors: readonly ErrorFactory[]): thrown is AppError =>
  thrown instanceof AppError && errors.some(({ definition }) => definition.code === thrown.code);

/** Whether what was thrown is answered with one of these statuses. */
export const hasStatus = (thrown: unknown, ...statuses: readonly AppError['status'][]): thrown is AppError =>
  thrown instanceof AppError && statuses.includes(thrown.status);

/** Whether what was thrown refuses the request: not a defect, and not a failure of the product or of a provider. */
export const isRefusal = (thrown: unknown): thrown is AppError =>
  thrown instanceof AppError && thrown.status < 500;

const catalogue = new Map<string, ErrorFactory>();

/**
 * Declares a module's errors; `full` of the module `rooms` gets the code `rooms.full`.
 * @throws Error when a code is declared twice
 */
export function defineErrors<const T extends Record<string, Omit<ErrorDefinition, 'code'>>>(
  moduleName: string,
  definitions: T,
): { readonly [K in keyof T]: ErrorFactory } {
  const entries = Object.entries(definitions).map(([name, fields]) => {
    const code = `${moduleName}.${name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)}`;
    if (catalogue.has(code)) throw new Error(`error code ${code} is declared twice`);
    const definition: ErrorDefinition = { code, ...fields };
    const factory = Object.assign((details?: ErrorDetails) => new AppError(definition, details), {
      definition,
    });
    catalogue.set(code, factory);
    return [name, factory] as const;
  });
  return Object.fromEntries(entries) as unknown as { readonly [K in keyof T]: ErrorFactory };
}

/** The factory of a code, as the database's `guard` function reports it; undefined when no module declares it. */
export function errorByCode(code: string): ErrorFactory | undefined {
  return catalogue.get(code);
}

/** Every declared error, sorted by code: the public error catalogue. */
export function errorCatalogue(): ErrorDefinition[] {
  return [...catalogue.values()]
    .map((factory) => factory.definition)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}
