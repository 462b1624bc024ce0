/**
 * The one error model. A room declares how it can refuse with `defineErrors`; a door translates what was thrown.
 * Whatever is thrown and is not an `AppError` is a defect and leaves as an opaque 500.
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
  /** Short and the same for every occurrence. */
  title: string;
  /** When trying again makes sense, unless the occurrence says otherwise. */
  retryAfterSeconds?: number;
}

export interface FieldError {
  /** JSON pointer into the body, or `#/query/…`, `#/path/…`, `#/header/…`. */
  pointer: string;
  message: string;
}

export interface ErrorDetails {
  /** What is wrong this time, in words for the caller; never a stack, SQL, secret or upstream body. */
  detail?: string;
  errors?: FieldError[];
  /** Seconds; becomes the `Retry-After` header. */
  retryAfterSeconds?: number;
  /** For the log alone. */
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
}

/** A way to refuse: call it to make the error, read `.definition` to declare it in a route. */
export interface ErrorFactory {
  (details?: ErrorDetails): AppError;
  readonly definition: ErrorDefinition;
}

const catalogue = new Map<string, ErrorFactory>();

/** Declares a room's errors; `full` in room `rooms` gets the code `rooms.full`. */
export function defineErrors<const T extends Record<string, Omit<ErrorDefinition, 'code'>>>(
  moduleName: string,
  definitions: T,
): { readonly [K in keyof T]: ErrorFactory } {
  const entries = Object.entries(definitions).map(([name, fields]) => {
    const code = `${moduleName}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
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

/** The factory of a code, as the database's `guard` names it; undefined when no room declares it. */
export function errorByCode(code: string): ErrorFactory | undefined {
  return catalogue.get(code);
}

/** Every declared error, sorted by code: the public catalogue. */
export function errorCatalogue(): ErrorDefinition[] {
  return [...catalogue.values()]
    .map((factory) => factory.definition)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}
