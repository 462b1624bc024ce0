import { APIConnectionError, APIError } from '@anthropic-ai/sdk/core/error';
import { type FailureKind, ProviderFailure } from '../index.ts';

export const ANTHROPIC = 'anthropic';

/** Kinds of errors in the API, also within a stream, where there is no status. */
const KIND_BY_TYPE: Readonly<Record<string, FailureKind>> = {
  authentication_error: 'key_refused',
  permission_error: 'key_refused',
  billing_error: 'no_credit',
  rate_limit_error: 'busy',
  overloaded_error: 'overloaded',
  timeout_error: 'stalled',
  api_error: 'unavailable',
};

function kindOf({ status, type, apiMessage }: APIError): FailureKind {
  if (/credit balance is too low/i.test(apiMessage ?? '')) return 'no_credit';
  const named = KIND_BY_TYPE[type ?? ''];
  if (named) return named;
  if (status === 529) return 'overloaded';
  if (status === 429) return 'busy';
  if (status === 401 || status === 403) return 'key_refused';
  return status !== undefined && status >= 400 && status < 500 ? 'request_refused' : 'unavailable';
}

function retryAfterMs({ headers }: APIError): number | undefined {
  const seconds = Number(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Translates an error of the SDK, or of something that it called, into our vocabulary. */
export function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof APIConnectionError)
    return error.cause instanceof ProviderFailure
      ? error.cause
      : new ProviderFailure(ANTHROPIC, 'unavailable', { cause: error });
  if (error instanceof APIError)
    return new ProviderFailure(ANTHROPIC, kindOf(error), {
      detail: error.apiMessage ?? undefined,
      retryAfterMs: retryAfterMs(error),
    });
  if (error instanceof SyntaxError || error instanceof TypeError)
    return new ProviderFailure(ANTHROPIC, 'malformed', { cause: error });
  return new ProviderFailure(ANTHROPIC, 'cut', { cause: error });
}
