import { runAsSystem } from '../../kernel/delivery/index.ts';
import { openSocketCtx } from '../../realtime/sockets/index.ts';
import { proveAsker } from '../ask-authority/index.ts';
import type { RecognitionPlan } from '../recognitions/index.ts';
import { countSpeech, reserveSpeech } from '../speech-usage/index.ts';
import type { RecognitionRuntime } from './recognition-runtime.ts';

/** The amount of sound that is reserved, and counted, at a time. */
export const STRETCH_MS = 60_000;
/** A minute of sound may take longer when its speaker pauses. It is reserved for this time, and counted before that ends. */
const HOLD_MS = 10 * 60_000;
const COUNTED_AFTER_MS = 9 * 60_000;
const METER = 'recognized_minutes';
const KEY = 'stretch';
const CORRECTION = 'correction';

/** Sound that was allowed and is not counted yet. */
interface Stretch {
  /** Identifies it to the budget and to the meter. */
  id: string;
  startMs: number;
  reservedAtMs: number;
  /** What was reserved, in micro-units of the currency; null without a budget. */
  amount: number | null;
}

/** The sound that may be sent: one minute at a time, as long as credential, plan and budget allow it. */
export class Allowance {
  readonly #runtime: RecognitionRuntime;
  readonly #plan: RecognitionPlan;

  constructor(runtime: RecognitionRuntime, plan: RecognitionPlan) {
    this.#runtime = runtime;
    this.#plan = plan;
  }

  get #stretch(): Stretch | undefined {
    return this.#runtime.storage.get(KEY) as Stretch | undefined;
  }

  /** Sound may be sent up to this moment. */
  get untilMs(): number {
    const stretch = this.#stretch;
    return stretch ? stretch.startMs + STRETCH_MS : 0;
  }

  /** Whether the reservation of the allowed minute is about to end. */
  get isLapsing(): boolean {
    const stretch = this.#stretch;
    const { clock } = this.#runtime.services();
    return stretch !== undefined && clock.now() - stretch.reservedAtMs >= COUNTED_AFTER_MS;
  }

  /**
   * Counts the sound that was received of the minute before, and allows the next one.
   * @param atMs the position in the sound
   * @throws AppError `auth.*`, `billing.feature_not_included`, `speech.out_of_budget`, `speech.price_unknown`
   */
  async extend(atMs: number): Promise<number> {
    await this.count(atMs);
    const services = this.#runtime.services();
    const { asker } = this.#plan;
    await proveAsker(services, asker, { isOnPlatformKey: false });
    // Role and plan may have changed since the token was made, so both are read again.
    const actor = asker.kind === 'user' ? { ...asker, role: null, plan: null } : asker;
    const id = services.ids.create('request');
    const ctx = openSocketCtx(services, actor, this.#runtime.keepAlive);
    const amount = await reserveSpeech(ctx, { id, meter: METER, quantity: STRETCH_MS }, HOLD_MS);
    const reservedAtMs = services.clock.now();
    this.#runtime.storage.put(KEY, { id, startMs: atMs, reservedAtMs, amount } satisfies Stretch);
    return this.untilMs;
  }

  /** Adds to, or subtracts from, the count of the allowed minute. */
  correct(ms: number): void {
    const { storage } = this.#runtime;
    storage.put(CORRECTION, ((storage.get(CORRECTION) as number | undefined) ?? 0) + ms);
  }

  /** Counts the sound that was received of the allowed minute, once, whatever has become of the asker. */
  async count(receivedMs: number): Promise<void> {
    const stretch = this.#stretch;
    if (!stretch) return;
    const { id, startMs, amount } = stretch;
    const { organizationId, asker } = this.#plan;
    const corrected = (this.#runtime.storage.get(CORRECTION) as number | undefined) ?? 0;
    const quantity = Math.max(0, Math.round(Math.min(receivedMs - startMs, STRETCH_MS) + corrected));
    const userId = asker.kind === 'user' ? asker.userId : null;
    await runAsSystem(this.#runtime.services(), 'recognitions.count', organizationId, (ctx) =>
      countSpeech(ctx, { id, meter: METER, quantity, reserved: STRETCH_MS, amount, userId }),
    );
    this.#runtime.storage.delete(KEY);
    this.#runtime.storage.delete(CORRECTION);
  }
}
