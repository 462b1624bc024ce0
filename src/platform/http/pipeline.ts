import type { Context as HonoContext } from 'hono';
import { createCtx, type KeepAlive, type Services } from '../../kernel/context/index.ts';
import {
  actorId,
  actorOrganization,
  AppError,
  isStale,
  canonicalJson,
  requestErrors,
  serverErrors,
  withTimeout,
} from '../../kernel/core/index.ts';
import { type IdempotencyKey, IdempotentReplay } from '../../kernel/idempotency/index.ts';
import type { RequestEvent } from '../observability/index.ts';
import {
  authorizeRequest,
  countUnmatchedRequest,
  concernsOwnAccount,
  reauthorizeRequest,
  type RequestGuard,
} from './authorize-request.ts';
import type { ErrorPage } from './error-pages.ts';
import { endRequestTrace, buildRequestEvent } from './request-event.ts';
import { RequestState } from './request-state.ts';
import { type AnyRouteInput, readIdempotencyKey, readInput } from './parse-request.ts';
import { toProblemReply } from './problem-reply.ts';
import { fromStoredReply, toStoredReply, toResponse, verifyReply } from './reply.ts';
import { DEFAULT_TIME_LIMIT_SECONDS, type Reply, type Route } from './route.ts';

export interface PipelineOptions {
  services: Services;
  guard: RequestGuard;
  /** Publishes the outbox after a commit that wrote events into these partitions. */
  publishEvents(partitions: string[], keepAlive: KeepAlive): Promise<unknown>;
  /** Called with the wide event of each request; see `platform/observability`. */
  onRequest(event: RequestEvent): void;
  /** Answers a request that a handler makes, within the one that it handles. */
  dispatch(request: Request, c: HonoContext): Promise<Response>;
  /** Checks every reply against its contract; on in tests. */
  verifyReplies?: boolean;
}

/** How often a handler runs when concurrent writes keep changing what it read. */
const MAX_ATTEMPTS = 3;

async function buildIdempotencyKey(
  route: Route,
  { actor, headers }: RequestState,
  input: AnyRouteInput,
  services: Services,
): Promise<IdempotencyKey | undefined> {
  const key = readIdempotencyKey(headers.get('idempotency-key'));
  if (key === undefined) return undefined;
  const scope = actorId(actor) ?? (await route.idempotencyScope?.(input.body as never, services));
  if (scope === undefined) return undefined;
  // Includes the organization: after a switch of organization the same request means something else.
  const fingerprint = [route.operationId, actorOrganization(actor), input.params ?? null, input.body ?? null];
  // A keyed hash, because the body may hold a password and a plain hash could be brute-forced.
  return { scope, key, requestHash: await services.hasher.hash('idempotency', canonicalJson(fingerprint)) };
}

/** Turns of the microtask queue within which a handler without I/O ends. */
const MICROTASK_TURNS = 8;

/** Fails with 504 after `seconds`. Work that ends without I/O gets no timer, which would cost more than the work. */
async function withTimeLimit<T>(work: Promise<T>, seconds: number): Promise<T> {
  const state = { ended: false };
  const end = () => {
    state.ended = true;
  };
  work.then(end, end);
  for (let turn = 0; turn < MICROTASK_TURNS && !state.ended; turn++) await Promise.resolve();
  return state.ended
    ? work
    : withTimeout(work, seconds * 1000, () => requestErrors.timeout({ detail: `${seconds} s` }));
}

/**
 * Runs the handler; again when a concurrent write made it stale, unless the caller named a version with `If-Match`, and
 * when the caller's credential had to be read once more.
 */
async function handleWithRetries(
  route: Route,
  state: RequestState,
  input: AnyRouteInput,
  { guard, services }: PipelineOptions,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await route.handle(createCtx(services, state), input as never);
    } catch (error) {
      // A body that was read as a stream cannot be read again.
      if (attempt === MAX_ATTEMPTS || (route.streamBody && input.request.bodyUsed)) throw error;
      if (isStale(error) && input.ifMatch === undefined) continue;
      if (!(await reauthorizeRequest(error, route, state.headers, state, guard))) throw error;
    }
  }
}

async function runRoute(
  route: Route,
  c: HonoContext,
  state: RequestState,
  options: PipelineOptions,
): Promise<Reply> {
  const { guard, services, verifyReplies } = options;
  await authorizeRequest(route, state.headers, state, guard, services.ports.limiter);
  const input = await readInput(route, c, state.actor, options);
  const respond = (result: unknown) => route.respond(result as never, input as never);
  const key = route.idempotent ? await buildIdempotencyKey(route, state, input, services) : undefined;
  if (key) state.idempotency = { key, encode: (result) => toStoredReply(respond(result)) };
  state.ownAccount = concernsOwnAccount(route);
  try {
    const limitSeconds = route.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS;
    const reply = respond(await withTimeLimit(handleWithRetries(route, state, input, options), limitSeconds));
    if (verifyReplies) verifyReply(route, reply);
    return reply;
  } catch (error) {
    if (!(error instanceof IdempotentReplay)) throw error;
    state.replayed = true;
    return fromStoredReply(error.reply);
  }
}

/** The problem, or the page that people see instead of it. */
async function answerFailure(
  error: unknown,
  path: string,
  { origin: { requestId }, actor }: RequestState,
  services: Services,
  errorPage: ErrorPage | undefined,
): Promise<Reply> {
  const problem = toProblemReply(error, { path, requestId, actor, config: services.config });
  if (!errorPage) return problem;
  const { code } = error instanceof AppError ? error : serverErrors.internal();
  const page = await errorPage(services, { path, status: problem.status, code, requestId });
  return { ...page, headers: { ...problem.headers, ...page.headers } };
}

/**
 * The request pipeline: authorize, parse, call the handler, respond. Every request gets one response and one wide event.
 * `route` is undefined for an unknown path, which is answered with `refusal` (default 404).
 * @param findErrorPage the page for failed requests to a path; undefined for a problem
 */
export function createPipeline(
  options: PipelineOptions,
  findErrorPage: (path: string) => ErrorPage | undefined,
) {
  const { services, guard, onRequest } = options;
  return async (c: HonoContext, route: Route | undefined, refusal?: AppError): Promise<Response> => {
    const startedAt = services.clock.now();
    const state = new RequestState(c, route, options);
    let reply: Reply;
    try {
      if (!route) {
        await countUnmatchedRequest(state, guard, services.ports.limiter);
        throw refusal ?? requestErrors.notFound();
      }
      reply = await runRoute(route, c, state, options);
    } catch (error) {
      state.failure = error;
      const { pathname } = new URL(c.req.raw.url);
      reply = await answerFailure(error, pathname, state, services, findErrorPage(pathname));
    }
    const event = buildRequestEvent(route, state, reply.status, services.clock.now() - startedAt);
    onRequest(event);
    endRequestTrace(state, event);
    return toResponse(reply, route, state, services.config.CORS_ORIGINS);
  };
}
