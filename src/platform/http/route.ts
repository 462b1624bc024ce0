import type { z } from '@hono/zod-openapi';
import type { Actor, ErrorFactory, Permission } from '../../kernel/core/index.ts';
import type { Ctx, Services } from '../../kernel/context/index.ts';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may call a route. There is no default: a route that does not say is not mounted. */
export type RouteAccess =
  | {
      kind: 'permission';
      permission: Permission;
      /** Also for the guests of a room, who hold no permissions: the verb keeps them to what is theirs. */
      guests?: true;
    }
  /** Any signed-in person, whatever their organization, for the reason given. */
  | { kind: 'user'; reason: string }
  /** Any valid credential, a person's or a key's, for the reason given. */
  | { kind: 'credential'; reason: string }
  /** Nobody needs to sign in, for the reason given. */
  | { kind: 'public'; reason: string }
  /** The platform's operator, by its own credential. */
  | { kind: 'operator' };

/** Which named limit counts a route's calls; see `platform/limits`. */
export type LimitName =
  | 'api'
  | 'auth'
  | 'upload'
  | 'ai'
  | 'translation'
  | 'memory'
  | 'health'
  /** Providers that report to us: as fast as they need to. */
  | 'webhook'
  /** Opening sockets: an office behind one address comes back at once after a break. */
  | 'socket';

export interface Reply {
  status: number;
  body?: unknown;
  /** For what is not JSON: a file, a page, a stream. */
  raw?: { content: BodyInit; type: string };
  /** A response to hand through untouched: the upgrade to a WebSocket. */
  passthrough?: Response;
  headers?: Record<string, string>;
}

export interface RouteBody<T extends z.ZodType> {
  schema: T;
  example: z.input<T>;
}

/** A body that is taken as it came, because its very bytes are signed. */
export interface RawRouteBody {
  mediaTypes: readonly string[];
  example: string;
}

/** When a route was given up, and until when it still answers. */
export interface Deprecation {
  /** ISO 8601. */
  since: string;
  /** ISO 8601; at least six months after `since`. */
  sunset: string;
  /** Where it is told what to use instead. */
  link: string;
}

export interface SuccessResponse {
  description: string;
  /** Absent for an answer without a body. */
  schema?: z.ZodType;
  example?: unknown;
  /** Media types other than JSON. */
  mediaTypes?: readonly string[];
}

type OptionalSchema = z.ZodType | undefined;
type SchemaOutput<T extends OptionalSchema> = T extends z.ZodType ? z.output<T> : undefined;

/** A route as data: everything the API promises about it, and the two pure ends around its verb. */
export interface RouteContract<
  P extends OptionalSchema,
  Q extends OptionalSchema,
  B extends OptionalSchema,
  R,
  H extends OptionalSchema = undefined,
> {
  method: HttpMethod;
  /** `/api/v1/organizations/{organizationId}` */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  access: RouteAccess;
  limit: LimitName;
  params?: P;
  query?: Q;
  /** Request headers it reads, by their lower-case names. */
  headers?: H;
  body?: B extends z.ZodType ? RouteBody<B> : undefined;
  /** Instead of `body`. */
  rawBody?: RawRouteBody;
  /** Status of success; the first one is the usual one. */
  success: Record<number, SuccessResponse>;
  /** The refusals of its verb, beside those any route can give. */
  errors?: readonly ErrorFactory[];
  /** Takes `Idempotency-Key`; so does every POST that creates or charges. */
  idempotent?: boolean;
  /** Whose idempotency key it is where nobody has signed in: what stands for the caller, hashed. */
  idempotencyScope?(body: SchemaOutput<B>, services: Services): Promise<string>;
  /** Takes `If-Match` with the resource's ETag. */
  concurrency?: boolean;
  /** Set once callers should leave it for another route. */
  deprecated?: Deprecation;
  /** Default 15. */
  timeLimitSeconds?: number;
  /** Default 64 KiB. */
  bodyLimitBytes?: number;
  /** Database round trips it takes at most, counted in tests: 1 to read, 2 to write unless it says why not. */
  roundTrips?: { max: number; reason: string };
  handle(ctx: Ctx, input: RouteInput<P, Q, B, H>): Promise<R>;
  /** Pure: its answer is kept for replays before the change is committed. */
  respond(result: R, input: RouteInput<P, Q, B, H>): Reply;
}

export interface RouteInput<
  P extends OptionalSchema,
  Q extends OptionalSchema,
  B extends OptionalSchema,
  H extends OptionalSchema = undefined,
> {
  params: SchemaOutput<P>;
  query: SchemaOutput<Q>;
  headers: SchemaOutput<H>;
  body: SchemaOutput<B>;
  /** The body as it came, of a route that takes it so; else empty. */
  raw: string;
  /** The request itself, for what upgrades it; everything a verb decides on is parsed above. */
  request: Request;
  /** The version that `If-Match` names; undefined when the caller did not send one. */
  ifMatch: number | undefined;
  actor: Actor;
}

/** A route with its types forgotten, as the door and the generators see it. */
export type Route = RouteContract<OptionalSchema, OptionalSchema, OptionalSchema, never, OptionalSchema> & {
  handle(ctx: Ctx, input: never): Promise<unknown>;
  respond(result: never, input: never): Reply;
  idempotencyScope?(body: never, services: Services): Promise<string>;
};

export const DEFAULT_TIME_LIMIT_SECONDS = 15;
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

/** Declares a route; types flow from its schemas into its handler. */
export function defineRoute<
  P extends OptionalSchema = undefined,
  Q extends OptionalSchema = undefined,
  B extends OptionalSchema = undefined,
  R = unknown,
  H extends OptionalSchema = undefined,
>(contract: RouteContract<P, Q, B, R, H>): Route {
  return contract as unknown as Route;
}

/** The ETag of a versioned resource. */
export const etag = (version: number): string => `"${version}"`;

export const ok = (body: unknown, version?: number): Reply => ({
  status: 200,
  body,
  ...(version === undefined ? {} : { headers: { ETag: etag(version) } }),
});

export const created = (body: unknown, location: string, version?: number): Reply => ({
  status: 201,
  body,
  headers: { Location: location, ...(version === undefined ? {} : { ETag: etag(version) }) },
});

export const noContent = (): Reply => ({ status: 204 });
