import { z } from '@hono/zod-openapi';
import type { FailureDetails, FailureKind } from '../index.ts';

const detailSchema = z.object({ reason: z.string().optional(), retryDelay: z.string().optional() });
export const apiErrorSchema = z.object({
  error: z.object({
    code: z.number().optional(),
    message: z.string().optional(),
    status: z.string().optional(),
    details: z.array(detailSchema).optional(),
  }),
});
type ApiError = z.output<typeof apiErrorSchema>['error'];

/** By the name of the status, which errors in the middle of an answer also have. */
const KIND_BY_STATUS: Readonly<Record<string, FailureKind>> = {
  INVALID_ARGUMENT: 'request_refused',
  OUT_OF_RANGE: 'request_refused',
  NOT_FOUND: 'request_refused',
  // In regions without a free tier: an account without billing.
  FAILED_PRECONDITION: 'no_credit',
  UNAUTHENTICATED: 'key_refused',
  PERMISSION_DENIED: 'key_refused',
  RESOURCE_EXHAUSTED: 'busy',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'stalled',
};

function kindOf({ status, code = 500, details = [] }: ApiError): FailureKind {
  // An invalid key has the status of an invalid request.
  if (details.some(({ reason }) => reason?.startsWith('API_KEY_'))) return 'key_refused';
  const named = KIND_BY_STATUS[status ?? ''];
  if (named) return named;
  if (code === 429) return 'busy';
  if (code === 401 || code === 403) return 'key_refused';
  return code >= 400 && code < 500 ? 'request_refused' : 'unavailable';
}

/** `7s`, `1.5s` */
function delayMs({ details = [] }: ApiError): number | undefined {
  const seconds = Number(details.find(({ retryDelay }) => retryDelay)?.retryDelay?.replace(/s$/, '') ?? '');
  return seconds > 0 ? Math.ceil(seconds * 1000) : undefined;
}

const MAX_DETAIL = 500;

/** An error, in our vocabulary. */
export const failureOfError = ({ error }: { error: ApiError }): [FailureKind, FailureDetails] => [
  kindOf(error),
  { detail: error.message?.slice(0, MAX_DETAIL), code: error.status, retryAfterMs: delayMs(error) },
];
