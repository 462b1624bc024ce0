import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import {
  afterReport,
  type Breaker,
  type BreakerReport,
  type BreakerTarget,
  newBreaker,
  targetKey,
  withProbe,
} from './breakers.rules.ts';

const PREFIX = 'breaker|';
/** How long a breaker is kept after its last change. */
const KEEP_MS = 3_600_000;

/** The breakers of an organization, in the storage of its live object. */
export class BreakerBoard {
  readonly #storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  read(): Breaker[] {
    return Array.from(this.#storage.list({ prefix: PREFIX }), ([, breaker]) => breaker as Breaker);
  }

  report(report: BreakerReport, nowMs: number): Breaker[] {
    const before = this.#find(report) ?? newBreaker(report, nowMs);
    this.#put(afterReport(before, report, nowMs));
    return this.read();
  }

  /** Whether a request may be the probe. If its breaker has closed meanwhile, it may be asked like any other. */
  probe(target: BreakerTarget, nowMs: number): boolean {
    const breaker = this.#find(target);
    if (!breaker || breaker.openUntilMs === null) return true;
    const probed = withProbe(breaker, nowMs);
    if (probed) this.#put(probed);
    return probed !== undefined;
  }

  /** Deletes breakers without a change for a long time. @returns when the next one is due; null when none is left */
  prune(nowMs: number): number | null {
    for (const breaker of this.read())
      if (breaker.changedAtMs + KEEP_MS <= nowMs) this.#storage.delete(PREFIX + targetKey(breaker));
    const left = this.read().map(({ changedAtMs }) => changedAtMs + KEEP_MS);
    return left.length > 0 ? Math.min(...left) : null;
  }

  #find(target: BreakerTarget): Breaker | undefined {
    return this.#storage.get(PREFIX + targetKey(target)) as Breaker | undefined;
  }

  #put(breaker: Breaker): void {
    this.#storage.put(PREFIX + targetKey(breaker), breaker);
  }
}
