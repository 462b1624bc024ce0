import type { z } from '@hono/zod-openapi';
import type { Actor, ErrorFactory, IfMatch, Permission } from '../../kernel/core/index.ts';
import type { Ctx, Services } from '../../kernel/context/index.ts';
import type { ErrorPage } from './error-pages.ts';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The access a route requires. There is no default: a route without it does not compile. */
export type RouteAccess =
  | {
      kind: 'permission';
      permission: Permission;
      /** Guests of a room may call it too. They hold no permissions, so the verb checks what they may do. */
      guests?: true;
    }
  /**
   * Any signed-in user; `reason` says why no permission is needed. Without `inOrganization` the operation concerns their own
   * account, so the membership that the access token states does not count.
   */
  | { kind: 'user'; reason: string; inOrganization?: true }
  /** Any valid access token or API key; `reason` says why no permission is needed. */
  | { kind: 'credential'; reason: string }
  /** No credential; `reason` says why. */
  | { kind: 'public'; reason: string }
  /** The platform's operator, who has a token of their own. */
  | { kind: 'operator' };

/** The named rate limit that counts a route's requests; see `platform/limits`. */
export type LimitName =
  | 'api'
  | 'auth'
  | 'upload'
  | 'ai'
  | 'translation'
  | 'memory'
  | 'health'
  /** The documentation, pages and keys that everybody may read. */
  | 'documents'
  /** Webhooks of providers, which may send in bursts. */
  | 'webhook'
  /** Opening sockets: all users behind one address may reconnect at the same time. */
  | 'socket';

export type Dispatch = (request: Request) => Promise<Response>;

export interface Reply {
  status: number;
  body?: unknown;
  /** A body that is not JSON: a file, a page, a stream. */
  raw?: { content: BodyInit; type: string };
  /** A response to pass on unchanged: the upgrade to a WebSocket. */
  passthrough?: Response;
  headers?: Record<string, string>;
}

export interface RouteBody<T extends z.ZodType> {
  schema: T;
  example: z.input<T>;
  /** Media types of JSON that it takes beside `application/json`. */
  mediaTypes?: readonly string[];
}

/** A body that is not parsed, because its signature covers the exact bytes. */
export interface RawRouteBody {
  mediaTypes: readonly string[];
  example: string;
}

/** A body that the handler reads from `request` as a stream, so that no isolate holds all of it. */
export interface StreamRouteBody {
  /** The accepted media types; empty for any. */
  mediaTypes: readonly string[];
  example: string;
  /** Requests without a body are taken, too. */
  optional?: true;
}

/** Since when a route is deprecated and until when it works. */
export interface Deprecation {
  /** ISO 8601. */
  since: string;
  /** ISO 8601; at least six months after `since`. */
  sunset: string;
  /** The page that says what to use instead. */
  link: string;
}

export interface SuccessResponse {
  description: string;
  /** Absent for a response without a body. */
  schema?: z.ZodType;
  example?: unknown;
  /** Media types other than JSON. */
  mediaTypes?: readonly string[];
}

type OptionalSchema = z.ZodType | undefined;
type SchemaOutput<T extends OptionalSchema> = T extends z.ZodType ? z.output<T> : undefined;

/** A route as data: everything the API promises about it, its handler, and the function that presents the result. */
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
  /** Schema of the request headers it reads, by lower-case name. */
  headers?: H;
  body?: B extends z.ZodType ? RouteBody<B> : undefined;
  /** Instead of `body`. */
  rawBody?: RawRouteBody;
  /** Instead of `body`. */
  streamBody?: StreamRouteBody;
  /** The successful responses by status; the first one is the usual one. */
  success: Record<number, SuccessResponse>;
  /** The errors of its verb, in addition to those any route can answer with. */
  errors?: readonly ErrorFactory[];
  /** Accepts `Idempotency-Key`, as every POST that creates or charges must. */
  idempotent?: boolean;
  /** The scope of idempotency keys of a public route: a hash that identifies the caller, made from the body. */
  idempotencyScope?(body: SchemaOutput<B>, services: Services): Promise<string>;
  /** Accepts `If-Match` with the resource's ETag. */
  concurrency?: boolean;
  /** For a page for people: it answers every failed request to the first segment of the path and below. */
  errorPage?: ErrorPage;
  /** Headers of every response, also of a refusal. */
  responseHeaders?: Readonly<Record<string, string>>;
  /** A public document: pages of every origin may read it. */
  anyOrigin?: true;
  /** Set when callers should use another route instead. */
  deprecated?: Deprecation;
  /** The handler makes other requests in the name of the caller: it gets `dispatch`. */
  dispatches?: true;
  /** Default 15. */
  timeLimitSeconds?: number;
  /** Default 64 KiB. */
  bodyLimitBytes?: number;
  /** Most database round trips of a request, counted in tests. Default: 1 for a read, 2 for a write. */
  roundTrips?: { max: number; reason: string };
  handle(ctx: Ctx, input: RouteInput<P, Q, B, H>): Promise<R>;
  /** Presents the result. Pure, because with an idempotency key it runs before the commit, which stores the reply. */
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
  /** The unparsed body of a route with `rawBody`; otherwise empty. */
  raw: string;
  /** The request itself, needed for a WebSocket upgrade and for a body that is a stream; everything else is parsed above. */
  request: Request;
  /** Answers another request as the product does, from authentication on; of a route with `dispatches` alone. */
  dispatch: Dispatch;
  /** The versions named by `If-Match`; undefined when the caller sent none. */
  ifMatch: IfMatch;
  actor: Actor;
}

/** A route without its type parameters, as the pipeline and the generators use it. */
export type Route = RouteContract<OptionalSchema, OptionalSchema, OptionalSchema, never, OptionalSchema> & {
  handle(ctx: Ctx, input: never): Promise<unknown>;
  respond(result: never, input: never): Reply;
  idempotencyScope?(body: never, services: Services): Promise<string>;
};

export const DEFAULT_TIME_LIMIT_SECONDS = 15;
export const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

/** Declares a route; the types of its schemas become the types of its handler's input. */
export function defineRoute<
  P extends OptionalSchema = undefined,
  Q extends OptionalSchema = undefined,
  B extends OptionalSchema = undefined,
  R = unknown,
  H extends OptionalSchema = undefined,
>(contract: RouteContract<P, Q, B, R, H>): Route {
  return contract as unknown as Route;
}
