import type { Services } from '../../kernel/context/index.ts';
import type { Dependency, ProbeResult, HealthMonitor, Probe } from './health.ports.ts';
import { isSlow } from './health.rules.ts';

export interface HealthMonitorOptions {
  /** Time limit of each check, in milliseconds. */
  timeLimitMs?: number;
  /** How long a result is reused before its dependency is checked again, in milliseconds. */
  cacheMs?: number;
}

class CheckTimeout extends Error {
  override readonly name = 'CheckTimeout';
}

/** The check's result, or a rejection at the time limit, whether or not the check obeys the signal. */
function runWithTimeLimit(
  check: (signal: AbortSignal) => Promise<ProbeResult>,
  ms: number,
): Promise<ProbeResult> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const timeout = new CheckTimeout(`did not answer within ${ms} ms`);
      reject(timeout);
      controller.abort(timeout);
    }, ms);
    check(controller.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Describes a failure for the public: never an address, a query or an upstream body. */
function describeFailure(error: unknown): string {
  if (error instanceof CheckTimeout || error instanceof ProbeFailure) return error.message;
  return 'did not answer';
}

/** A failure whose message may be shown to anyone. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

type Outcome = Pick<Dependency, 'status' | 'detail'>;

/**
 * Checks each dependency within a time limit and keeps the result, so that requests to `/readiness`, however many,
 * cannot overload a dependency. While one request runs a check, others get the last result: they never await the promise
 * of another request, which the runtime may cancel.
 */
class CachingMonitor implements HealthMonitor {
  readonly #probes: readonly Probe[];
  readonly #options: Required<HealthMonitorOptions>;
  readonly #lastResults = new Map<string, Dependency>();
  readonly #checkStartedAt = new Map<string, number>();

  constructor(probes: readonly Probe[], options: Required<HealthMonitorOptions>) {
    this.#probes = probes;
    this.#options = options;
  }

  dependencies(services: Services): Promise<Dependency[]> {
    return Promise.all(this.#probes.map((probe) => this.#getDependency(probe, services)));
  }

  async #getDependency(probe: Probe, services: Services): Promise<Dependency> {
    const { name, tier, whenLost, check, breaker } = probe;
    if (!check) {
      const uncheckedFields = { breaker: null, latencyMs: null, checkedAtMs: null, detail: null };
      return { name, tier, whenLost, status: 'not_configured', ...uncheckedFields };
    }
    const last = this.#lastResults.get(name);
    const startedAt = this.#checkStartedAt.get(name) ?? -Infinity;
    const isFresh = services.clock.now() - startedAt < this.#options.cacheMs;
    const dependency = last && isFresh ? last : await this.#runCheck(probe, check, services);
    // The breaker's state is local and free to read, so it is always current.
    return { ...dependency, breaker: breaker?.(services) ?? null };
  }

  async #runCheck(
    { name, tier, whenLost }: Probe,
    check: NonNullable<Probe['check']>,
    services: Services,
  ): Promise<Dependency> {
    const startedAt = services.clock.now();
    this.#checkStartedAt.set(name, startedAt);
    const outcome = await this.#findOutcome(name, check, services, startedAt);
    const checkedAtMs = services.clock.now();
    const latencyMs = checkedAtMs - startedAt;
    const dependency = { name, tier, whenLost, ...outcome, breaker: null, latencyMs, checkedAtMs };
    this.#lastResults.set(name, dependency);
    return dependency;
  }

  async #findOutcome(
    name: string,
    check: NonNullable<Probe['check']>,
    services: Services,
    startedAt: number,
  ): Promise<Outcome> {
    const { timeLimitMs } = this.#options;
    try {
      const { degraded } = await runWithTimeLimit((signal) => check(services, signal), timeLimitMs);
      const slow = isSlow(services.clock.now() - startedAt, timeLimitMs) ? 'answers slowly' : undefined;
      const detail = degraded ?? slow ?? null;
      return { status: detail === null ? 'ok' : 'degraded', detail };
    } catch (error) {
      services.log.warn('health.down', { name, error });
      return { status: 'down', detail: describeFailure(error) };
    }
  }
}

export function createHealthMonitor(
  probes: readonly Probe[],
  { timeLimitMs = 2_000, cacheMs = 5_000 }: HealthMonitorOptions = {},
): HealthMonitor {
  return new CachingMonitor(probes, { timeLimitMs, cacheMs });
}
