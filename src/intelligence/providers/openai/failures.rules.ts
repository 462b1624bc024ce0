import { z } from '@hono/zod-openapi';
import type { FailureDetails, FailureKind } from '../index.ts';

const name = z.union([z.string(), z.number()]).nullish();
const errorFields = z.object({ message: z.string().optional(), code: name, type: name });

/** An error, in the form of OpenAI, or in that of other providers without the outer object. */
export const apiErrorSchema = z.union([
  z.object({ error: errorFields }),
  errorFields
    .extend({ object: z.literal('error') })
    .transform(({ object: _object, ...error }) => ({ error })),
]);
type ApiError = z.output<typeof apiErrorSchema>;

/** By code or type, which errors in the middle of an answer also have, where there is no status. */
const KIND_BY_NAME: Readonly<Record<string, FailureKind>> = {
  insufficient_quota: 'no_credit',
  billing_hard_limit_reached: 'no_credit',
  invalid_api_key: 'key_refused',
  rate_limit_exceeded: 'busy',
  rate_limit_error: 'busy',
  server_overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
};

function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'key_refused';
  if (status === 402) return 'no_credit';
  if (status === 429) return 'busy';
  if (status === 503 || status === 529) return 'overloaded';
  return status >= 400 && status < 500 ? 'request_refused' : 'unavailable';
}

/** For an error in the middle of an answer, where there may be only a type. */
const kindOfType = (type: unknown): FailureKind =>
  type === 'invalid_request_error' ? 'request_refused' : 'unavailable';

const MAX_DETAIL = 500;

/**
 * An error, in our vocabulary.
 * @param httpStatus undefined in the middle of an answer, where some providers give it as the code
 */
export function failureOfError(
  { error }: ApiError | { error?: undefined },
  httpStatus?: number,
): [FailureKind, FailureDetails] {
  const { message, code, type } = error ?? {};
  const status = httpStatus ?? (typeof code === 'number' ? code : undefined);
  const kind = KIND_BY_NAME[String(code)] ?? KIND_BY_NAME[String(type)];
  return [
    kind ?? (status === undefined ? kindOfType(type) : kindOfStatus(status)),
    {
      detail: message?.slice(0, MAX_DETAIL),
      code: code === null || code === undefined ? undefined : String(code),
    },
  ];
}
