import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { reportOverage } from '../../../src/billing/overage/report-overage.ts';
import { sumHours } from '../../../src/billing/usage/sum-hours.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { randomFrom } from '../../support/random.ts';
import { recordUsage } from '../costs/support.ts';
import { customerOf, listInvoices, ownerWithPlan, read, subscribe, subscriptionOf } from './support.ts';
import { METERS, type MoneyMeter, type MoneyYear, overageOfMonth, owedUnits } from './year-of-money.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 366 * DAY_MS;
const { MONEY_SEEDS, MONEY_FIRST = '0' } = process.env;
/** By default the first year that has everything that the last test asks for; its customer pays tax in Germany. */
const seeds =
  MONEY_SEEDS === undefined
    ? [2]
    : Array.from({ length: Number(MONEY_SEEDS) }, (_, index) => index + 1 + Number(MONEY_FIRST));

/** A year of one organization, with everything that moves money, in random order. */
class Year implements MoneyYear {
  readonly facts: MoneyYear['facts'] = new Map();
  readonly plans: MoneyYear['plans'] = [];
  readonly credits: MoneyYear['credits'] = [];
  readonly charged: MoneyYear['charged'] = [];
  /** Units that are to be reported, by meter and subscription. */
  readonly expected = new Map<string, number>();
  /** Credit notes that were made: of money that went back, and of a balance for later invoices. */
  readonly credited = { refund: 0, balance: 0 };
  readonly world: StripeWorld;
  readonly owner: Person;
  readonly coupon: string;
  readonly #random: () => number;
  readonly #versions = new Map<string, number>();
  #keys = 0;

  constructor(world: StripeWorld, owner: Person, seed: number, coupon: string) {
    this.world = world;
    this.owner = owner;
    this.coupon = coupon;
    this.#random = randomFrom(seed);
  }

  get now(): number {
    return this.world.app.clock.now();
  }

  #below = (most: number) => Math.floor(this.#random() * most);
  #pick = <T>(choices: readonly T[]): T => choices[this.#below(choices.length)] as T;

  async advance(seconds: number): Promise<void> {
    await this.world.control('clock', { advanceSeconds: seconds });
    this.world.app.clock.advanceSeconds(seconds);
    await this.world.settle();
    await this.notePlan();
  }

  /** Notes which plan holds from now on, as the organization's row has it. */
  async notePlan(): Promise<void> {
    const [row] = await ownerSql('select plan from organizations where id = $1', [this.owner.organizationId]);
    const plan = row!.plan as string;
    if (this.plans.at(-1)?.plan !== plan) this.plans.push({ fromMs: this.now, plan });
  }

  async #subscription(): Promise<Stripe.Subscription> {
    return this.world.stripe.subscriptions.retrieve(await subscriptionOf(this.owner));
  }

  /** Reads when the subscriptions were charged from the stand-in. */
  async noteCharged(): Promise<void> {
    const { data } = await this.world.stripe.subscriptions.list({
      customer: await customerOf(this.owner),
      status: 'all',
      limit: 100,
    });
    this.charged.splice(
      0,
      this.charged.length,
      ...data.map((each) => ({
        id: each.id,
        endsWithPeriod: each.ended_at === each.items.data[0]?.current_period_end,
        fromMs: Math.max(each.start_date, each.trial_end ?? 0) * 1000,
        toMs: each.ended_at === null ? Infinity : each.ended_at * 1000,
      })),
    );
  }

  async #record(meter: string, key: string, occurredAtMs: number, quantity: number): Promise<void> {
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    this.facts.set(key, { meter, occurredAtMs, quantity });
    const at = new Date(occurredAtMs).toISOString();
    await recordUsage(this.world.app, this.owner, { meter, key, quantity, version, at });
  }

  #use = async () => {
    const latest = this.#pick([0, 0, 0, 35]) * DAY_MS;
    const occurredAtMs = this.now - this.#below(2 * HOUR_MS) - Math.floor(this.#random() * latest);
    const { name, unit, included } = this.#pick(METERS);
    await this.#record(name, `use-${++this.#keys}`, occurredAtMs, this.#below(2 * included.pro! * unit));
  };

  /** What is known of recent usage turns out to be different: more, less, nothing, or at another time. */
  #correct = async () => {
    const recent = [...this.facts].filter(([, { occurredAtMs }]) => occurredAtMs > this.now - 40 * DAY_MS);
    if (recent.length === 0) return;
    const [key, { meter, occurredAtMs, quantity }] = this.#pick(recent);
    const moved = Math.min(this.now, occurredAtMs + this.#pick([0, 0, 5, -5]) * DAY_MS);
    await this.#record(meter, key, moved, Math.floor(quantity * this.#pick([0, 0.4, 0.9, 1, 1.5])));
  };

  #changePlan = async () => {
    const { id, status } = await this.#subscription();
    if (status !== 'active') return;
    const choice = {
      plan: this.#pick(['pro', 'enterprise'] as const),
      interval: this.#pick(['monthly', 'monthly', 'yearly'] as const),
      planVersion: 1,
      seats: this.#pick([0, 1, 3, 20]),
    };
    const provider = this.world.app.services.ports.payments.of('stripe');
    const doesChangeWait = ((await provider.readSubscription(id))?.paid ?? null) !== null;
    // While a change waits, no other can come at once.
    const timing = this.#pick(
      doesChangeWait ? (['period_end'] as const) : (['now', 'now', 'period_end'] as const),
    );
    const key = `change/${id}/${++this.#keys}`;
    await provider.changePlan(id, { choice, timing, key });
  };

  #grantCredit = async () => {
    const id = this.world.app.services.ids.create('entitlementGrant');
    const { name: meter, included } = this.#pick(METERS);
    const units = this.#below(0.4 * included.pro!);
    const endsMs = this.#pick([null, this.now + this.#below(60 * DAY_MS) + 1]);
    const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    await ownerSql(
      `insert into entitlement_grants (id, organization_id, kind, name, value, reason, starts_at, ends_at, created_by, created_at)
       values ($1, $2, 'credit', $6, $3, 'Pilot', $4, $5, 'operator', $4)`,
      [id, this.owner.organizationId, units, iso(this.now), iso(endsMs), meter],
    );
    this.credits.push({ id, meter, units, fromMs: this.now, toMs: endsMs ?? Infinity });
  };

  #revokeCredit = async () => {
    const open = this.credits.filter(({ toMs }) => toMs > this.now);
    if (open.length === 0) return;
    const credit = this.#pick(open);
    credit.toMs = this.now;
    const at = new Date(this.now).toISOString();
    await ownerSql('update entitlement_grants set revoked_at = $2 where id = $1', [credit.id, at]);
  };

  #creditInvoice = async () => {
    const paid = (await listInvoices(this.world, this.owner)).filter(
      (each: { paid: { amountMicros: number } }) => each.paid.amountMicros > 0,
    );
    if (paid.length === 0) return;
    const { id } = this.#pick<{ id: string }>(paid);
    const body = {
      as: this.#pick(['refund', 'balance'] as const),
      amountMicros: (1 + this.#below(2_000)) * 10_000,
      reason: 'Goodwill',
    };
    const path = `/api/v1/operator/organizations/${this.owner.organizationId}/invoices/${id}/credit-notes`;
    const { status } = await this.world.app.send('POST', path, { token: this.world.app.operator, body });
    expect([200, 409, 422]).toContain(status);
    if (status === 200) this.credited[body.as]++;
  };

  #discount = async () => {
    const { id } = await this.#subscription();
    const discounts = this.#random() < 0.5 ? ('' as const) : [{ coupon: this.coupon }];
    await this.world.stripe.subscriptions.update(id, { discounts });
  };

  #pauseOrUnpause = async () => {
    const { id, status, pause_collection: pause } = await this.#subscription();
    if (status !== 'active') return;
    const provider = this.world.app.services.ports.payments.of('stripe');
    const key = `pause/${++this.#keys}`;
    if (pause === null) await provider.pause(id, { resumesAtMs: null, key });
    else await provider.unpause(id, { key });
  };

  #cancel = async () => {
    const { id, status, pause_collection: pause } = await this.#subscription();
    if (status !== 'active' || pause !== null) return;
    await this.report();
    await this.advance(3_600);
    const at = this.#pick(['period_end', 'now'] as const);
    await this.world.app.services.ports.payments
      .of('stripe')
      .cancel(id, { at, key: `cancel/${++this.#keys}` });
  };

  /** Subscribes again after the end of a subscription. */
  async #resubscribe(): Promise<void> {
    const { token } = await ownerWithPlan(this.world, this.owner);
    const body = { plan: 'pro', interval: 'monthly', seats: this.#pick([0, 7]) };
    const { app } = this.world;
    const started = await app.send('POST', '/api/v1/billing/checkout', { token, body });
    expect(started, JSON.stringify(started.body)).toMatchObject({ status: 201 });
    await this.world.completeCheckout(started.body.url);
  }

  async act(): Promise<void> {
    const acts = [
      ...Array.from({ length: 8 }, () => this.#use),
      ...Array.from({ length: 4 }, () => this.#correct),
      this.#changePlan,
      this.#changePlan,
      this.#grantCredit,
      this.#revokeCredit,
      this.#creditInvoice,
      this.#discount,
      this.#pauseOrUnpause,
      ...(this.#random() < 0.3 ? [this.#cancel] : []),
    ];
    await this.#pick(acts)();
    await this.world.settle();
    if ((await this.#subscription()).ended_at !== null) await this.#resubscribe();
    await this.notePlan();
  }

  /** Notes what each subscription is to report now, unless an earlier report of it waits. */
  async #noteExpected(): Promise<void> {
    await this.noteCharged();
    const waiting = await ownerSql(
      `select s.provider_subscription_id as id, r.meter from overage_reports r join subscriptions s on s.id = r.subscription_id
       where r.organization_id = $1 and r.delivered_at is null`,
      [this.owner.organizationId],
    );
    for (const { id, fromMs, toMs, endsWithPeriod } of this.charged) {
      // The stand-in's clock is some seconds ahead: one that has ended there is over, although its end is still to come here.
      const isLive = fromMs <= this.now && toMs === Infinity && this.plans.at(-1)?.plan !== 'free';
      const isOver = toMs !== Infinity && toMs > this.now - 50 * 60_000 && endsWithPeriod;
      for (const meter of METERS) {
        if (waiting.some((row) => row.id === id && row.meter === meter.name)) continue;
        const units = isLive || isOver ? owedUnits(this, meter, this.now, id) : 0;
        const key = `${meter.name} ${id}`;
        this.expected.set(key, Math.max(this.expected.get(key) ?? 0, units));
      }
    }
  }

  /** Units whose report did not arrive before their subscription was over: they are not charged. */
  async readLost({ name }: MoneyMeter): Promise<number> {
    const [row] = await ownerSql(
      `select coalesce(sum(units), 0)::int as units from overage_reports
       where organization_id = $1 and meter = $2 and delivered_at is null`,
      [this.owner.organizationId, name],
    );
    return row!.units as number;
  }

  /** Runs the scheduled report, sometimes over a connection that fails. */
  async report(): Promise<void> {
    const path = '/v1/billing/meter_events';
    const trouble = this.#pick([
      [],
      [],
      [{ loseAnswer: true, path }],
      Array.from({ length: 3 }, () => ({ status: 503, path })),
    ]);
    if (trouble.length > 0) await this.world.control('faults', { next: trouble });
    await this.#noteExpected();
    const { failed } = await reportOverage(this.world.app.services);
    await this.world.control('faults', { next: [] });
    if (trouble.length < 3) expect(failed).toBe(0);
  }

  /** Moves on; the scheduled report does not miss the last invoice of a subscription that ends meanwhile. */
  async #advanceThroughEnd(seconds: number): Promise<void> {
    const { cancel_at: endsAt, ended_at: endedAt } = await this.#subscription();
    const untilReport = (endsAt ?? Infinity) - Math.floor(this.now / 1000) + 20 * 60;
    if (endedAt !== null || untilReport > seconds) return this.advance(seconds);
    await this.advance(untilReport);
    await this.report();
    await this.advance(seconds - untilReport);
  }

  /** Waits for the end of a subscription that is cancelled: it has no upcoming invoice, and what it used is on its last one. */
  async #awaitEnd(): Promise<void> {
    const { cancel_at: endsAt, ended_at: endedAt } = await this.#subscription();
    if (endsAt === null || endedAt !== null) return;
    await this.#advanceThroughEnd(endsAt - Math.floor(this.now / 1000) + 3 * 3_600);
  }

  /** Ends what is left: reports that wait would be attempted in the next year, when this stand-in is gone. */
  async end(): Promise<void> {
    const { id, ended_at: endedAt } = await this.#subscription();
    if (endedAt === null) await this.world.stripe.subscriptions.cancel(id);
    await this.world.settle();
    await ownerSql('delete from organizations where id = $1', [this.owner.organizationId]);
  }

  async live(): Promise<void> {
    const endMs = this.now + YEAR_MS;
    await this.notePlan();
    while (this.now < endMs) {
      await this.#advanceThroughEnd(3_600 + this.#below(9 * 86_400));
      await this.act();
      if (this.#random() < 0.7) await this.report();
      if (this.#random() < 0.3) await sumHours(this.world.app.services);
    }
    await this.advance(3 * 3_600);
    await this.report();
    await this.report();
    await this.report();
    await this.#awaitEnd();
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
type Money = { amountMicros: number };
const micros = (cents: number) => cents * 10_000;

const SEAT_CENTS = [500, 5_000, 400, 4_000];
/** A whole period of seats costs what the catalogue says; those of a part of a period are prorated. */
function checkSeats(line: {
  description: string;
  isProration: boolean;
  quantity: number;
  amount: Money;
}): boolean {
  if (!/seat/.test(line.description)) return false;
  if (!line.isProration)
    expect(SEAT_CENTS.map((cents) => micros(cents) * line.quantity)).toContain(line.amount.amountMicros);
  return true;
}

/** Every invoice is what its lines make, and is the stand-in's, to the micro-unit. @returns units of overage by meter, and on all lines of seats and invoices with tax */
async function checkInvoices({
  world,
  owner,
}: Year): Promise<{ units: Map<string, number>; seatLines: number; taxed: number }> {
  const { token } = await ownerWithPlan(world, owner);
  const listed = await listInvoices(world, owner);
  const { data: truths } = await world.stripe.invoices.list({
    customer: await customerOf(owner),
    limit: 100,
  });
  expect(listed).toHaveLength(truths.length);
  // Drafts have no number, and those of a paused subscription stay drafts: only the provider's id is there for each.
  const stored = await ownerSql(
    'select id, provider_invoice_id as "providerId" from invoices where organization_id = $1',
    [owner.organizationId],
  );
  const units = new Map<string, number>();
  let [seatLines, taxed] = [0, 0];
  for (const { id, number } of listed) {
    const invoice = await read(world, token, `billing/invoices/${id}`);
    const { providerId } = stored.find((row) => row.id === id)!;
    const truth = truths.find((each) => each.id === providerId)!;
    expect(number).toBe(truth.number);
    const of = (field: 'amount' | 'discount' | 'tax') =>
      sum(invoice.lines.map((line: Record<string, Money>) => line[field]!.amountMicros));
    const { subtotal, discount, tax, total, due, paid, remaining, fromBalance, credited } =
      Object.fromEntries(
        Object.entries(invoice as Record<string, Money>).map(([name, value]) => [name, value?.amountMicros]),
      ) as Record<string, number>;
    expect(of('amount')).toBe(subtotal);
    expect(of('discount')).toBe(discount);
    expect(of('tax')).toBe(tax);
    expect(subtotal! - discount! + tax!).toBe(total);
    expect(total).toBe(micros(truth.total));
    expect([due, paid, remaining]).toEqual(
      [truth.amount_due, truth.amount_paid, truth.amount_remaining].map(micros),
    );
    const before = micros(truth.pre_payment_credit_notes_amount);
    expect(total! - fromBalance! - before).toBe(due);
    expect(credited).toBe(before + micros(truth.post_payment_credit_notes_amount));
    if (truth.status === 'paid') expect(paid! + remaining!).toBe(due);
    const ofMeter = invoice.lines.filter(({ meter }: { meter: string | null }) => meter !== null);
    for (const { meter, quantity, amount } of ofMeter) {
      const { priceMicros } = METERS.find(({ name }) => name === meter) ?? { priceMicros: 0 };
      expect(amount.amountMicros).toBe(quantity * priceMicros);
      units.set(meter, (units.get(meter) ?? 0) + quantity);
    }
    seatLines += invoice.lines.filter(checkSeats).length;
    if (tax! > 0) taxed++;
  }
  return { units, seatLines, taxed };
}

/** Usage of each month, and what of it is charged, as the API shows them, is what recounting the facts gives. */
async function checkUsage(year: Year, startMs: number): Promise<void> {
  const { token } = await ownerWithPlan(year.world, year.owner);
  for (let at = new Date(startMs); at.getTime() < year.now;) {
    const from = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
    const to = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
    const iso = (ms: number) => new Date(ms).toISOString();
    const { meters } = await read(year.world, token, `usage/summary?from=${iso(from)}&to=${iso(to)}`);
    for (const meter of METERS) {
      const shown = meters.find((each: { meter: string }) => each.meter === meter.name);
      const facts = [...year.facts.values()].filter(
        (each) => each.meter === meter.name && each.occurredAtMs >= from && each.occurredAtMs < to,
      );
      expect(shown.quantity, iso(from)).toBe(sum(facts.map(({ quantity }) => quantity)));
      const units = overageOfMonth(year, meter, from, to);
      const amount = { amountMicros: units * meter.priceMicros };
      expect(shown.overage, `${meter.name} ${iso(from)}`).toMatchObject({ units, amount });
    }
    at = new Date(to);
  }
}

/** What the stand-in counted for the customer. */
async function unitsAtProvider({ world, owner, now }: Year, { name }: MoneyMeter): Promise<number> {
  const { data: meters } = await world.stripe.billing.meters.list({ limit: 100 });
  const meter = meters.find(({ event_name: event }) => event === `auralink_overage_${name}`)!;
  const { data } = await world.stripe.billing.meters.listEventSummaries(meter.id, {
    customer: await customerOf(owner),
    start_time: Date.UTC(2026, 0, 1) / 1000,
    end_time: Math.ceil(now / HOUR_MS + 2) * 3_600,
  });
  return sum(data.map(({ aggregated_value: value }) => value));
}

/** What the years had of each, together: of nothing a year proves nothing. */
const happened = new Map<string, number>();
const note = (name: string, count: number) => happened.set(name, (happened.get(name) ?? 0) + count);

// The last test is about what happened in the years of the first.
describe('a year of money', { shuffle: false }, () => {
  it.each(seeds)(
    'adds up, to the micro-unit: seed %i',
    async (seed) => {
      const world = await createStripeWorld();
      try {
        const coupon = await world.stripe.coupons.create({ percent_off: 17, duration: 'forever' });
        const startMs = world.app.clock.now();
        const owner = await subscribe(world, {
          trial: seed % 3 === 0,
          interval: seed % 5 === 0 ? 'yearly' : 'monthly',
          fields: seed % 2 === 0 ? { country: 'DE' } : {},
        });
        const year = new Year(world, owner, seed, coupon.id);
        await year.live();
        await year.noteCharged();
        const { units: invoiced, seatLines, taxed } = await checkInvoices(year);
        note('seats', seatLines);
        note('invoices with tax', taxed);
        note('refunds', year.credited.refund);
        note('balances', year.credited.balance);
        await checkUsage(year, startMs);
        const { token } = await ownerWithPlan(world, owner);
        const upcoming = await world.app.send('GET', '/api/v1/billing/invoices/upcoming', { token });
        const toCome = (upcoming.body.lines ?? []).filter(
          ({ meter }: { meter: string | null }) => meter !== null,
        );
        for (const meter of METERS) {
          const { name } = meter;
          const reported = await unitsAtProvider(year, meter);
          const expected = [...year.expected]
            .filter(([key]) => key.startsWith(`${name} `))
            .map(([, units]) => units);
          expect(reported, name).toBe(sum(expected) - (await year.readLost(meter)));
          const open = toCome.filter((line: { meter: string }) => line.meter === name);
          const units = sum(open.map(({ quantity }: { quantity: number }) => quantity));
          expect((invoiced.get(name) ?? 0) + units, name).toBe(reported);
          note(name, reported);
        }
        await year.end();
      } finally {
        await world.close();
      }
    },
    120_000,
  );

  it('had overage of every meter, seats, tax, refunds and credit notes of a balance', () => {
    for (const name of [
      'refunds',
      'balances',
      'seats',
      'invoices with tax',
      ...METERS.map((meter) => meter.name),
    ])
      expect(happened.get(name), name).toBeGreaterThan(0);
  });
});
