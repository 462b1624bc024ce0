import type { FailureKind } from './providers.enums.ts';

export interface FailureDetails {
  /** The provider's own words, without secrets; shown to the caller for `request_refused` only. */
  detail?: string | undefined;
  /** The provider's own name for the failure. */
  code?: string | undefined;
  /** When the provider will accept requests again. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** A provider that names a longer time, or no end, is not waited for. */
const LONGEST_WAIT_MS = 86_400_000;

/** The error of every adapter when its provider fails, whatever the provider and its SDK call it. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly provider: string;
  readonly kind: FailureKind;
  readonly detail: string | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(provider: string, kind: FailureKind, details: FailureDetails = {}) {
    super(`${provider}: ${kind}`, { cause: details.cause });
    this.provider = provider;
    this.kind = kind;
    this.detail = details.detail;
    this.code = details.code;
    const { retryAfterMs } = details;
    this.retryAfterMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, LONGEST_WAIT_MS);
  }
}
