import type { Context as HonoContext } from 'hono';
import { createCtx, type Ctx, type Origin, type Services } from '../context/index.ts';
import {
  type Actor,
  actorId,
  actorOrganization,
  AppError,
  canonicalJson,
  requestErrors,
  within,
} from '../core/index.ts';
import { type IdempotencyKey, IdempotentReplay } from '../idempotency/index.ts';
import type { RequestEvent } from '../observability/index.ts';
import { admit, ANONYMOUS, countLost, type Gatekeeper } from './admit.ts';
import { endTrace, eventOf, type Passage } from './event.ts';
import { originOf, parentSpanOf } from './origin.ts';
import { parseHeaders, parsePart, readIdempotencyKey, readIfMatch, readJson, readRaw } from './parse.ts';
import { problemReply } from './problem.ts';
import { fromStored, storedReply, toResponse, verifyReply } from './reply.ts';
import {
  DEFAULT_BODY_LIMIT_BYTES,
  DEFAULT_TIME_LIMIT_SECONDS,
  type Reply,
  type Route,
  type RouteInput,
} from './route.ts';

export interface DoorOptions {
  services: Services;
  gatekeeper: Gatekeeper;
  /** Wakes the outbox after a commit that wrote effects into these lanes. */
  publishEffects(lanes: string[]): Promise<unknown>;
  /** One wide event for each request; see `platform/observability`. */
  onRequest(event: RequestEvent): void;
  /** Checks every answer against its contract: on in tests. */
  verifyReplies?: boolean;
}

type Input = RouteInput<undefined, undefined, undefined>;

/** How often a verb decides when others keep changing what it read. */
const MAX_DECISIONS = 3;

async function readInput(route: Route, c: HonoContext, actor: Actor): Promise<Input> {
  const request = c.req.raw;
  const params = route.params ? parsePart(route.params, c.req.param(), '#/path') : undefined;
  const query = route.query ? parsePart(route.query, c.req.query(), '#/query') : undefined;
  const body = route.body
    ? parsePart(
        route.body.schema,
        await readJson(request, route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES),
        '',
      )
    : undefined;
  const headers = route.headers ? parseHeaders(route.headers, request) : undefined;
  const raw = route.rawBody
    ? await readRaw(request, route.rawBody.mediaTypes, route.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES)
    : '';
  const ifMatch = route.concurrency ? readIfMatch(request.headers.get('if-match')) : undefined;
  return { params, query, headers, body, raw, request, ifMatch, actor } as Input;
}

async function idempotencyKey(
  route: Route,
  c: HonoContext,
  actor: Actor,
  input: Input,
  services: Services,
): Promise<IdempotencyKey | undefined> {
  const key = route.idempotent ? readIdempotencyKey(c.req.raw.headers.get('idempotency-key')) : undefined;
  if (key === undefined) return undefined;
  const scope = actorId(actor) ?? (await route.idempotencyScope?.(input.body as never, services));
  if (scope === undefined) return undefined;
  // With the organization: after a switch the same words ask for something else.
  const asked = [route.operationId, actorOrganization(actor), input.params ?? null, input.body ?? null];
  // Keyed: a body may hold a password, which a plain hash would give away to whoever guesses it.
  return { scope, key, requestHash: await services.hasher.hash('idempotency', canonicalJson(asked)) };
}

/** Turns of the microtask queue in which a verb that waits for nothing outside the isolate has ended. */
const UNTIMED_TURNS = 8;

/** Fails after `seconds`; work that ends without waiting for anything is not worth a timer. */
async function withTimeLimit<T>(work: Promise<T>, seconds: number): Promise<T> {
  const state = { ended: false };
  const end = () => {
    state.ended = true;
  };
  work.then(end, end);
  for (let turn = 0; turn < UNTIMED_TURNS && !state.ended; turn++) await Promise.resolve();
  return state.ended
    ? work
    : within(work, seconds * 1000, () => requestErrors.timeout({ detail: `${seconds} s` }));
}

/** A caller who named no version did not mean to race: a verb that lost one decides again from what is true now. */
async function decideUntilFresh(route: Route, ctx: Ctx, input: Input): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await route.handle(ctx, input as never);
    } catch (error) {
      const lostRace = error instanceof AppError && error.code === requestErrors.stale.definition.code;
      if (!lostRace || input.ifMatch !== undefined || attempt === MAX_DECISIONS) throw error;
    }
  }
}

/** Runs after the answer; a failure is logged, the answer stands. */
function runAfter(
  c: HonoContext,
  { services }: DoorOptions,
  origin: Origin,
  name: string,
  work: () => Promise<unknown>,
): void {
  const guarded = (async () => {
    try {
      await work();
    } catch (error) {
      services.log.error('after.failed', { name, requestId: origin.requestId, error });
    }
  })();
  c.executionCtx.waitUntil(guarded);
}

async function pass(route: Route, c: HonoContext, passage: Passage, options: DoorOptions): Promise<Reply> {
  const { origin } = passage;
  const { gatekeeper, services } = options;
  const authorization = c.req.raw.headers.get('authorization');
  await admit(route, authorization, passage, gatekeeper, services.ports.limiter);
  const { actor } = passage;
  const input = await readInput(route, c, actor);
  const key = await idempotencyKey(route, c, actor, input, services);
  const respond = (result: unknown) => route.respond(result as never, input as never);
  const ctx = createCtx(services, {
    actor,
    origin,
    after: (name, work) => runAfter(c, options, origin, name, work),
    idempotency: key && { key, encode: (result) => storedReply(respond(result)) },
    onEffects: (lanes) => runAfter(c, options, origin, 'outbox.publish', () => options.publishEffects(lanes)),
    onRoundTrip: () => {
      passage.roundTrips++;
    },
    trace: passage.trace,
  });
  try {
    const reply = respond(
      await withTimeLimit(
        decideUntilFresh(route, ctx, input),
        route.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS,
      ),
    );
    if (options.verifyReplies) verifyReply(route, reply);
    return reply;
  } catch (error) {
    if (!(error instanceof IdempotentReplay)) throw error;
    passage.replayed = true;
    return fromStored(error.reply);
  }
}

/**
 * The one way in: admit, parse, call the verb, translate; whatever happens, one answer and one event. `route` is
 * undefined for a path that nobody answers, which throws `refusal`.
 */
export function createDoor(options: DoorOptions) {
  const { services, onRequest } = options;
  return async (c: HonoContext, route: Route | undefined, refusal?: AppError): Promise<Response> => {
    const startedAt = services.clock.now();
    const request = c.req.raw;
    const origin = originOf(request, services.ids);
    const passage: Passage = {
      origin,
      actor: ANONYMOUS,
      limits: [],
      roundTrips: 0,
      replayed: false,
      failure: undefined,
      trace: services.telemetry.tracer.begin({
        traceparent: origin.traceparent,
        parentSpanId: parentSpanOf(request.headers.get('traceparent')),
        name: `${request.method} ${route?.path ?? ''}`,
        kind: 'server',
      }),
    };
    let reply: Reply;
    try {
      if (!route) {
        await countLost(passage, options.gatekeeper, services.ports.limiter);
        throw refusal ?? requestErrors.notFound();
      }
      reply = await pass(route, c, passage, options);
    } catch (error) {
      passage.failure = error;
      reply = problemReply(error, new URL(request.url).pathname, passage.origin.requestId);
    }
    const event = eventOf(route, request, passage, reply.status, services.clock.now() - startedAt);
    onRequest(event);
    endTrace(passage.trace, event, (work) => c.executionCtx.waitUntil(work));
    return toResponse(reply, route, passage, request, services);
  };
}
