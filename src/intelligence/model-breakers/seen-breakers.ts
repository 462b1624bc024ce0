import type { Clock } from '../../kernel/core/index.ts';
import { type Breaker, type BreakerState, stateOf } from './breakers.rules.ts';

const MIN_ORGANIZATIONS = 2;
const MAX_ORGANIZATIONS = 1_000;

/** The breakers on the key of the platform that an isolate has seen, by organization. */
export class SeenBreakers {
  readonly #clock: Clock;
  readonly #seen = new Map<string, readonly Breaker[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  see(organizationId: string, breakers: readonly Breaker[]): readonly Breaker[] {
    const open = breakers.filter(({ keyId, openUntilMs }) => keyId === null && openUntilMs !== null);
    this.#seen.delete(organizationId);
    if (open.length > 0) {
      if (this.#seen.size >= MAX_ORGANIZATIONS) this.#seen.delete(this.#seen.keys().next().value!);
      this.#seen.set(organizationId, open);
    }
    return breakers;
  }

  /**
   * Open once a model is open for at least two organizations: one organization alone proves nothing about the
   * platform.
   */
  state(): BreakerState {
    const nowMs = this.#clock.now();
    const organizations = new Map<string, number>();
    for (const { provider, model, openUntilMs } of [...this.#seen.values()].flat()) {
      if (stateOf({ openUntilMs }, nowMs) !== 'open') continue;
      const key = `${provider}|${model}`;
      organizations.set(key, (organizations.get(key) ?? 0) + 1);
    }
    return Math.max(0, ...organizations.values()) >= MIN_ORGANIZATIONS ? 'open' : 'closed';
  }
}
