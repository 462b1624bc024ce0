import { DurableObject } from 'cloudflare:workers';
import { type Clock, systemClock } from '../src/platform/core/index.ts';
import {
  type Budget,
  type BudgetAnswer,
  type BudgetState,
  type LeaseAnswer,
  type LeaseRequest,
  LimitKeeper,
  type LimitOverrides,
  type Reservation,
} from '../src/platform/limits/index.ts';

/** Counts admissions and holds live budgets of one owner; see `src/platform/limits`. */
export class OrgLimiter extends DurableObject<Env> {
  clock: Clock = systemClock;
  readonly #keeper: LimitKeeper;
  /** When the alarm is set for; a cache of what the storage knows. */
  #alarmAtMs = Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#keeper = new LimitKeeper(ctx.storage.kv, (atMs) => this.#wakeAt(atMs));
    // oxlint-disable-next-line typescript/no-floating-promises -- events wait for it, nobody else
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = (await ctx.storage.getAlarm()) ?? Infinity;
    });
  }

  lease(request: LeaseRequest): LeaseAnswer {
    return this.#keeper.lease(request, this.clock.now());
  }

  overrides(): LimitOverrides {
    return this.#keeper.overrides();
  }

  setOverrides(overrides: { limits: Record<string, number>; setAtMs: number }): void {
    this.#keeper.setOverrides(overrides);
  }

  reserve(budget: Budget, reservation: Reservation): BudgetAnswer {
    return this.#keeper.reserve(budget, reservation, this.clock.now());
  }

  settle(reservationId: string, actual: number): BudgetAnswer {
    return this.#keeper.settle(reservationId, actual, this.clock.now());
  }

  release(reservationId: string): BudgetAnswer {
    return this.#keeper.release(reservationId, this.clock.now());
  }

  budget(budget: Budget): BudgetState {
    return this.#keeper.budget(budget, this.clock.now());
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = Infinity;
    const nextAtMs = this.#keeper.wake(this.clock.now());
    if (nextAtMs !== null) this.#wakeAt(nextAtMs);
    else if (this.#keeper.isEmpty) await this.ctx.storage.deleteAll();
  }

  #wakeAt(atMs: number): void {
    if (atMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    // The output gate holds every answer back until this is stored together with what was written before.
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }
}
