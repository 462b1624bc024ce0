import { actorId, actorOrganization, AppError } from '../../kernel/core/index.ts';
import type { LimitDecision } from './http.ports.ts';
import { isRemarkable, type RequestEvent } from '../observability/index.ts';
import type { RequestState } from './request-state.ts';
import type { Route } from './route.ts';

function countDecisions(
  limits: readonly LimitDecision[],
): Pick<RequestEvent, 'admitted' | 'refused' | 'degraded'> {
  const counts = { admitted: 0, refused: 0, degraded: 0 };
  for (const { admitted, degraded } of limits)
    counts[degraded ? 'degraded' : admitted ? 'admitted' : 'refused']++;
  return counts;
}

/** Builds the wide event of an answered request; `durationMs` in milliseconds. */
export function buildRequestEvent(
  route: Route | undefined,
  state: RequestState,
  status: number,
  durationMs: number,
): RequestEvent {
  const { origin, actor, failure, limits } = state;
  const defect = failure !== undefined && !(failure instanceof AppError);
  return {
    requestId: origin.requestId,
    traceparent: origin.traceparent,
    method: state.method,
    route: route?.path ?? 'none',
    operationId: route?.operationId ?? 'none',
    status,
    durationMs,
    actorKind: actor.kind,
    actorId: actorId(actor),
    organizationId: actorOrganization(actor),
    roundTrips: state.roundTrips,
    ...countDecisions(limits),
    ...(state.replayed ? { replayed: true } : {}),
    ...(failure instanceof AppError ? { code: failure.code, cause: failure.details.cause } : {}),
    ...(defect ? { code: 'server.internal', error: failure } : {}),
  };
}

/** Ends the trace of the request; what of it is exported is decided from its wide event. */
export function endRequestTrace(state: RequestState, event: RequestEvent): void {
  const attributes = {
    'http.request.method': event.method,
    'http.route': event.route,
    'http.response.status_code': event.status,
    'error.type': event.code,
    'auralink.request_id': event.requestId,
    'auralink.organization_id': event.organizationId,
    'auralink.operation_id': event.operationId,
  };
  const outcome = { failed: event.status >= 500, remarkable: isRemarkable(event), attributes };
  state.trace.end(outcome, (work) => state.keepAlive(work));
}
