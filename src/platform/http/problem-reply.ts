import { AppError, type FieldError, type PlanLimit, serverErrors } from '../../kernel/core/index.ts';
import type { Reply } from './route.ts';

/** A problem as RFC 9457 defines it, with our extensions `code`, `requestId`, `errors` and `limit`. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance: string;
  code: string;
  requestId: string;
  errors?: FieldError[];
  limit?: PlanLimit & { plans: string };
}

/** Where a reader of a refusal finds plans that allow more. */
const PLANS_PATH = '/api/v1/billing/plans';

/** Turns any thrown value into a problem reply; anything but an `AppError` becomes an opaque 500. */
export function toProblemReply(error: unknown, instance: string, requestId: string): Reply {
  const { definition, details } = error instanceof AppError ? error : serverErrors.internal();
  const problem: ProblemDetails = {
    type: `/errors/${definition.code}`,
    title: definition.title,
    status: definition.status,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    instance,
    code: definition.code,
    requestId,
    ...(details.errors === undefined ? {} : { errors: details.errors }),
    ...(details.limit === undefined ? {} : { limit: { ...details.limit, plans: PLANS_PATH } }),
  };
  const retryAfterSeconds = details.retryAfterSeconds ?? definition.retryAfterSeconds;
  return {
    status: definition.status,
    raw: { content: JSON.stringify(problem), type: 'application/problem+json' },
    headers: {
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      ...(definition.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="auralink"' } : {}),
    },
  };
}
