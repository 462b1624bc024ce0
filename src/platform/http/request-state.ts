import type { Context as HonoContext } from 'hono';
import { afterwards, type CtxOptions } from '../../kernel/context/index.ts';
import { type Actor, type RunningTrace } from '../../kernel/core/index.ts';
import { ANONYMOUS_ACTOR, type CallerState } from './authorize-request.ts';
import type { LimitDecision } from './http.ports.ts';
import type { PipelineOptions } from './pipeline.ts';
import { HttpOrigin } from './request-origin.ts';
import type { Route } from './route.ts';

/** Data about a request for its context, its response headers and its wide event. */
export class RequestState implements CallerState, CtxOptions {
  readonly method: string;
  /** Read from the request once, because reading them is a call into the runtime. */
  readonly headers: Headers;
  readonly origin: HttpOrigin;
  readonly trace: RunningTrace;
  readonly limits: LimitDecision[] = [];
  actor: Actor = ANONYMOUS_ACTOR;
  idempotency: CtxOptions['idempotency'];
  ownAccount = false;
  roundTrips = 0;
  replayed = false;
  failure: unknown;
  readonly #c: HonoContext;
  readonly #options: PipelineOptions;

  constructor(c: HonoContext, route: Route | undefined, options: PipelineOptions) {
    const { ids, telemetry } = options.services;
    const { method, headers } = c.req.raw;
    this.#c = c;
    this.#options = options;
    this.method = method;
    this.headers = headers;
    this.origin = new HttpOrigin(c.req.raw, headers, ids);
    this.trace = telemetry.tracer.begin({
      traceparent: this.origin.traceparent,
      parentSpanId: this.origin.parentSpanId,
      name: `${method} ${route?.path ?? ''}`,
      kind: 'server',
    });
  }

  /** Keeps the isolate alive for work that the response does not wait for. */
  keepAlive(work: Promise<unknown>): void {
    this.#c.executionCtx.waitUntil(work);
  }

  after(name: string, work: () => Promise<unknown>): void {
    const { log } = this.#options.services;
    afterwards(log, this.origin.requestId, (running) => this.keepAlive(running))(name, work);
  }

  onEvents(partitions: string[]): void {
    this.after('outbox.publish', () =>
      this.#options.publishEvents(partitions, (work) => this.keepAlive(work)),
    );
  }

  onRoundTrip(): void {
    this.roundTrips++;
  }
}
