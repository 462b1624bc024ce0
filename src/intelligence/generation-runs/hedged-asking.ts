import type { Candidate, GenerationPlan } from '../generations/index.ts';
import { type ChatEvent, ProviderFailure, type TokenUsage } from '../providers/index.ts';
import type { AskProgress, AskTools } from './ask-candidates.ts';
import { Branch } from './hedge-branch.ts';
import type { StoredHedge } from './usage.rules.ts';

/** What is needed to ask a second model. */
export interface HedgeTools {
  /** Waits as long as the first model may be silent. */
  wait(): Promise<void>;
  /** Reserves what the second model may cost. @returns whether it may be asked */
  reserve(candidates: readonly Candidate[]): Promise<boolean>;
  release(): Promise<void>;
  /** Notes what is being asked, so that it can be settled when the object has died. */
  note(main: { candidate: Candidate; usage: TokenUsage | null }, hedge: StoredHedge | null): void;
}

/** Asks a second candidate while the first is silent, until one of them gives output. */
class HedgedAsking {
  readonly #tools: AskTools;
  readonly #plan: GenerationPlan;
  readonly #progress: AskProgress;
  readonly #hedging: HedgeTools;
  readonly #waiting: Candidate[];
  readonly #branches: Branch[] = [];
  #chosen: Branch | undefined;
  #isDecided = false;

  constructor(tools: AskTools, plan: GenerationPlan, progress: AskProgress, hedging: HedgeTools) {
    this.#tools = tools;
    this.#plan = plan;
    this.#progress = progress;
    this.#hedging = hedging;
    this.#waiting = [...plan.candidates];
  }

  /** @returns the branch that gave output first @throws the failure of the last one */
  async decide(): Promise<Branch> {
    try {
      return await this.#race();
    } finally {
      this.#isDecided = true;
      // Those of the main branch come last, because it adds more to them.
      const { attempts } = this.#main.progress;
      attempts.unshift(...(this.#other?.progress.attempts ?? []));
      this.#progress.attempts = attempts;
    }
  }

  /** The one that answers, or whose failure is the outcome. */
  get #main(): Branch {
    return this.#chosen ?? this.#branches[0]!;
  }

  get #other(): Branch | undefined {
    return this.#branches.find((branch) => branch !== this.#main);
  }

  async #race(): Promise<Branch> {
    const running = [this.#ask()];
    let delay = [this.#mayHedge()];
    for (;;) {
      const step = await Promise.race([...running.map((branch) => branch.step), ...delay]);
      if (typeof step === 'boolean') {
        delay = [];
        if (step) running.push(...(await this.#hedge()));
      } else if ('event' in step) {
        const { branch, event } = step;
        branch.hold(event);
        if (event.type !== 'started') return this.#choose(branch);
      } else {
        const { branch, error } = step;
        branch.fail(error);
        running.splice(running.indexOf(branch), 1);
        if (running.length === 0) this.#fail(branch, error);
      }
      this.#note();
    }
  }

  #ask(): Branch {
    const branch = new Branch(this.#tools, this.#plan.request, this.#waiting);
    this.#branches.push(branch);
    return branch;
  }

  /** Waits, and reserves what a second one costs. @returns whether it is reserved */
  async #mayHedge(): Promise<boolean> {
    await this.#hedging.wait();
    if (this.#isDecided || this.#waiting.length === 0) return false;
    const isReserved = await this.#hedging.reserve(this.#waiting);
    if (isReserved && this.#isDecided) await this.#hedging.release();
    return isReserved && !this.#isDecided;
  }

  /** Asks a second one, unless the first has taken the last candidate meanwhile. */
  async #hedge(): Promise<Branch[]> {
    if (this.#waiting.length > 0) return [this.#ask()];
    await this.#hedging.release();
    return [];
  }

  async #choose(branch: Branch): Promise<Branch> {
    this.#chosen = branch;
    await this.#other?.discard();
    this.#note();
    return branch;
  }

  #fail(branch: Branch, error: unknown): never {
    // The failure of the last one is the outcome; when the gateway ends both, the first counts.
    if (error instanceof ProviderFailure) this.#chosen = branch;
    this.#note();
    throw error;
  }

  #note(): void {
    const { usage, progress } = this.#main;
    this.#progress.candidate = progress.candidate;
    this.#hedging.note({ candidate: progress.candidate, usage }, this.#other?.toStored() ?? null);
  }
}

/**
 * Asks the candidates in order as `askCandidates` does, and one more at the same time when none has given output for a
 * while. The first that gives output answers; the other one is cut off.
 * @param progress kept up to date
 * @throws ProviderFailure of the last one
 */
export async function* askHedged(
  tools: AskTools,
  plan: GenerationPlan,
  progress: AskProgress,
  hedging: HedgeTools,
): AsyncGenerator<ChatEvent> {
  const chosen = await new HedgedAsking(tools, plan, progress, hedging).decide();
  yield* chosen.rest();
}
