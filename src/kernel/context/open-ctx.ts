import { type Actor, continueTrace, type Log, type Trace } from '../core/index.ts';
import { createCtx, type Ctx, type CtxOptions, type Services } from './context.ts';

/** Keeps the isolate alive for work that no answer waits for: `waitUntil`. */
export type KeepAlive = (work: Promise<unknown>) => void;

/** Runs work after the answer: its failure is logged and changes nothing. */
export function afterwards(log: Log, requestId: string, keepAlive: KeepAlive): Ctx['after'] {
  return (name, work) => {
    const guarded = async () => {
      try {
        await work();
      } catch (error) {
        log.error('after.failed', { name, requestId, error });
      }
    };
    keepAlive(guarded());
  };
}

export interface OpenCtxOptions extends Pick<CtxOptions, 'idempotency'> {
  actor: Actor;
  /** Default: a new request id. */
  requestId?: string;
  /** The trace to continue; default: a new one. */
  traceparent?: string;
  trace?: Trace;
  keepAlive: KeepAlive;
  /** Called with the partitions that a commit wrote events to. */
  onEvents(partitions: string[], after: Ctx['after']): void;
  onRoundTrip?(): void;
}

/** The context of what does not come in over HTTP: a delivery, a scheduled task, a socket frame, an alarm. */
export function openCtx(services: Services, options: OpenCtxOptions): Ctx {
  const { ids, log } = services;
  const { actor, requestId = ids.create('request'), idempotency, trace, keepAlive } = options;
  const traceparent = options.traceparent ?? continueTrace(null, ids);
  const after = afterwards(log, requestId, keepAlive);
  return createCtx(services, {
    actor,
    origin: { requestId, traceparent, ip: null, userAgent: null, continent: null },
    after,
    idempotency,
    trace,
    onEvents: (partitions) => options.onEvents(partitions, after),
    onRoundTrip: options.onRoundTrip ?? (() => undefined),
  });
}
