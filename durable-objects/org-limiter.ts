import { DurableObject } from 'cloudflare:workers';
import { type Clock, systemClock } from '../src/kernel/core/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
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
  readonly #alarm = new Alarm(this.ctx);
  readonly #core = new LimiterCore(this.ctx.storage.kv, (atMs) => this.#alarm.wakeAt(atMs));

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
    this.#alarm.markFired();
    const nextAtMs = this.#core.wake(this.clock.now());
    if (nextAtMs !== null) this.#alarm.wakeAt(nextAtMs);
    else if (this.#core.isEmpty) await this.ctx.storage.deleteAll();
  }
}
