import type { Services } from '../../kernel/context/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { type Breaker, type BreakerTarget, isCounted, stateOf, targetKey } from './breakers.rules.ts';

const FRESH_MS = 5_000;

/** A copy of an organization's breakers in an object that asks models; no request waits for it. */
export class BreakerView {
  readonly #services: () => Services;
  readonly #organizationId: string;
  #copies = new Map<string, Breaker>();
  #copiedAtMs = -Infinity;
  /** Answers since the last report, by target. */
  readonly #successes = new Map<string, number>();

  constructor(services: () => Services, organizationId: string) {
    this.#services = services;
    this.#organizationId = organizationId;
  }

  /** The moment until which a model must not be asked; null when it may be, or when this request is the probe. */
  async refusedUntil(target: BreakerTarget): Promise<number | null> {
    const nowMs = this.#now();
    if (nowMs - this.#copiedAtMs >= FRESH_MS) this.#refresh();
    const copy = this.#copies.get(targetKey(target));
    if (!copy?.openUntilMs) return null;
    if (stateOf(copy, nowMs) === 'open') return copy.openUntilMs;
    const isProbe = await this.#breakers.probe(this.#organizationId, target).catch((error: unknown) => {
      this.#warn(error);
      return true;
    });
    return isProbe ? null : nowMs + FRESH_MS;
  }

  /** A model has begun to answer. */
  markAnswered(target: BreakerTarget): void {
    const key = targetKey(target);
    this.#successes.set(key, (this.#successes.get(key) ?? 0) + 1);
    if (this.#copies.get(key)?.openUntilMs) this.#report(target, false, null);
  }

  /** Asking a model has failed. An error that is not a failure of the provider does not count. */
  markFailed(target: BreakerTarget, error: unknown): void {
    if (error instanceof ProviderFailure && isCounted(error.kind))
      this.#report(target, true, error.retryAfterMs ?? null);
  }

  get #breakers() {
    return this.#services().ports.modelBreakers;
  }

  #now(): number {
    return this.#services().clock.now();
  }

  #refresh(): void {
    this.#copiedAtMs = this.#now();
    this.#take(this.#breakers.read(this.#organizationId));
  }

  #report(target: BreakerTarget, hasFailed: boolean, retryAfterMs: number | null): void {
    const key = targetKey(target);
    const successes = this.#successes.get(key) ?? 0;
    this.#successes.delete(key);
    const wasOpen = Boolean(this.#copies.get(key)?.openUntilMs);
    const { provider, model, keyId } = target;
    const report = { provider, model, keyId, hasFailed, successes, retryAfterMs };
    this.#take(this.#breakers.report(this.#organizationId, report), (breakers) => {
      const isOpen = breakers.some((each) => targetKey(each) === key && each.openUntilMs !== null);
      if (isOpen && !wasOpen) this.#countOpened(target);
    });
  }

  #countOpened({ provider, model, keyId }: BreakerTarget): void {
    const { telemetry, log } = this.#services();
    const labels = { provider, model, key: keyId === null ? 'platform' : 'own' };
    telemetry.counters.add('auralink_isolate_ai_breakers_opened_total', labels);
    log.warn('ai.breaker_opened', { ...labels, organizationId: this.#organizationId });
  }

  #take(answer: Promise<readonly Breaker[]>, then?: (breakers: readonly Breaker[]) => void): void {
    answer
      .then((breakers) => {
        then?.(breakers);
        this.#copies = new Map(breakers.map((each) => [targetKey(each), each]));
        this.#copiedAtMs = this.#now();
      })
      .catch((error: unknown) => this.#warn(error));
  }

  #warn(error: unknown): void {
    this.#services().log.warn('ai.breakers_away', { organizationId: this.#organizationId, error });
  }
}
