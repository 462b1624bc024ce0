import { type Actor, AppError, type FieldError, serverErrors } from '../../kernel/core/index.ts';
import type { Config } from '../../kernel/config/index.ts';
import { type LimitView, presentLimit } from './present-limit.ts';
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
  limit?: LimitView;
}

/** The request that has failed. */
interface FailedRequest {
  path: string;
  requestId: string;
  actor: Actor;
  config: Config;
}

/** Turns any thrown value into a problem reply; anything but an `AppError` becomes an opaque 500. */
export function toProblemReply(
  error: unknown,
  { path: instance, requestId, actor, config }: FailedRequest,
): Reply {
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
    ...(details.limit === undefined ? {} : { limit: presentLimit(details.limit, actor, config) }),
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
