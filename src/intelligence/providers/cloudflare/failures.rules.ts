import { type FailureKind, ProviderFailure } from '../index.ts';

export const CLOUDFLARE = 'cloudflare';

/** By the codes at the beginning of the binding's messages. */
const KIND_BY_CODE: Readonly<Record<string, FailureKind>> = {
  3003: 'request_refused',
  3006: 'request_refused',
  3042: 'request_refused',
  5004: 'request_refused',
  5005: 'request_refused',
  5007: 'request_refused',
  3023: 'key_refused',
  3041: 'key_refused',
  5016: 'key_refused',
  5018: 'key_refused',
  3036: 'no_credit',
  3040: 'overloaded',
  3007: 'stalled',
  3008: 'stalled',
};

const MAX_DETAIL = 500;

/** Translates an error of the binding into our vocabulary. It has no status, only `3040: No more data centers …`. */
export function failureOf(error: unknown): ProviderFailure {
  const message = error instanceof Error ? error.message : '';
  const [, code = '', detail] = /^(\d{4}): (.*)/s.exec(message) ?? [];
  return new ProviderFailure(CLOUDFLARE, KIND_BY_CODE[code] ?? 'unavailable', {
    detail: detail?.slice(0, MAX_DETAIL),
    code: code || undefined,
    cause: error,
  });
}
