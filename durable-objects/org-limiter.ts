import { DurableObject } from 'cloudflare:workers';
import { type Clock, systemClock } from '../src/kernel/core/index.ts';
import {
  type Budget,
  type BudgetAnswer,
  type BudgetState,
  type LeaseAnswer,
  type LeaseRequest,
  LimiterCore,
  type LimitOverrides,
  type Reservation,
} from '../src/platform/limits/index.ts';

/** Counts admissions and holds live budgets of one owner; see `src/platform/limits`. */
export class OrgLimiter extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #core: LimiterCore;
  /** When the alarm is set for; a cache of what the storage knows. */
  #alarmAtMs = Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#core = new LimiterCore(ctx.storage.kv, (atMs) => this.#scheduleAlarm(atMs));
    // oxlint-disable-next-line typescript/no-floating-promises -- events wait for it, nobody else
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = (await ctx.storage.getAlarm()) ?? Infinity;
    });
  }

  lease(request: LeaseRequest): LeaseAnswer {
    return this.#core.lease(request, this.clock.now());
  }

  overrides(): LimitOverrides {
    return this.#core.overrides();
  }

  setOverrides(overrides: { limits: Record<string, number>; setAtMs: number }): void {
    this.#core.setOverrides(overrides);
  }

  reserve(budget: Budget, reservation: Reservation): BudgetAnswer {
    return this.#core.reserve(budget, reservation, this.clock.now());
  }

  settle(reservationId: string, actual: number): BudgetAnswer {
    return this.#core.settle(reservationId, actual, this.clock.now());
  }

  release(reservationId: string): BudgetAnswer {
    return this.#core.release(reservationId, this.clock.now());
  }

  budget(budget: Budget): BudgetState {
    return this.#core.budget(budget, this.clock.now());
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Infinity;
    const nextAtMs = this.#core.wake(this.clock.now());
    if (nextAtMs !== null) this.#scheduleAlarm(nextAtMs);
    else if (this.#core.isEmpty) await this.ctx.storage.deleteAll();
  }

  #scheduleAlarm(atMs: number): void {
    if (atMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    // The output gate holds every answer back until this is stored together with what was written before.
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }
}
