import type { Services } from '../../kernel/context/index.ts';
import type { GenerationOutcome, GenerationPlan } from '../generations/index.ts';
import type { BreakerView } from '../model-breakers/index.ts';
import type { ChatEvent } from '../providers/index.ts';
import { askCandidates, type AskProgress, type AskTools } from './ask-candidates.ts';
import { askHedged } from './hedged-asking.ts';
import { holdBudget } from './hold-budget.ts';
import { holdHedge, releaseHedge } from './hold-hedge.ts';
import { eventsOf, splitEvent } from './output.rules.ts';
import type { EventLog } from './event-log.ts';
import {
  completedOutcome,
  EndedByGateway,
  failedOutcome,
  outcomeOfError,
  type StoredRun,
} from './runs.rules.ts';

/** Most characters of an answer, with its reasoning. */
const MAX_OUTPUT = 4_000_000;

export interface ReadingTools {
  services: Services;
  breakers: BreakerView;
  log: EventLog;
  getRun(): StoredRun;
  putRun(run: StoredRun): void;
  sleep(ms: number): Promise<void>;
}

/** Asks the candidates of a plan, and writes the answer into the log of its events until it has ended. */
export class AnswerReading {
  readonly #plan: GenerationPlan;
  readonly #tools: ReadingTools;
  readonly #abort = new AbortController();
  readonly #progress: AskProgress;
  #outputLength = 0;

  constructor(plan: GenerationPlan, tools: ReadingTools) {
    this.#plan = plan;
    this.#tools = tools;
    this.#progress = { attempts: [], candidate: plan.candidates[0]!, hasBegun: false };
  }

  /** Ends it; the connection to the provider is closed at once. */
  abort(reason: EndedByGateway): void {
    this.#abort.abort(reason);
  }

  async readToEnd(): Promise<GenerationOutcome> {
    let outcome: GenerationOutcome;
    try {
      outcome = await this.#read();
    } catch (error) {
      outcome = this.#fail(error);
    }
    return { ...outcome, attempts: this.#progress.attempts };
  }

  /** @throws what ended it early */
  async #read(): Promise<GenerationOutcome> {
    const { services, breakers } = this.#tools;
    await holdBudget(services, this.#plan, this.#plan.generationId);
    this.#abort.signal.throwIfAborted();
    const tools = { services, breakers, signal: this.#abort.signal };
    const { reused } = this.#plan;
    const events = reused ? eventsOf(reused.answer) : this.#ask(tools);
    for await (const event of events) {
      if (event.type === 'ended') return completedOutcome(this.#run, event, services.clock.now());
      this.#take(event);
    }
    throw new EndedByGateway('interrupted');
  }

  #ask(tools: AskTools): AsyncIterable<ChatEvent> {
    const { request, candidates, hedgeAfterSeconds } = this.#plan;
    if (hedgeAfterSeconds === undefined)
      return askCandidates(tools, request, [...candidates], this.#progress);
    const { services, getRun, putRun, sleep } = this.#tools;
    return askHedged(tools, this.#plan, this.#progress, {
      wait: () => sleep(hedgeAfterSeconds * 1000),
      reserve: (waiting) => holdHedge(services, this.#plan, waiting),
      release: () => releaseHedge(services, this.#plan),
      note: (main, hedge) => putRun({ ...getRun(), ...main, hedge }),
    });
  }

  get #run(): StoredRun {
    return { ...this.#tools.getRun(), candidate: this.#progress.candidate };
  }

  #take(event: Exclude<ChatEvent, { type: 'ended' }>): void {
    const { log, putRun, services } = this.#tools;
    if (event.type === 'started') {
      const { provider, model } = this.#progress.candidate;
      putRun({ ...this.#run, usage: event.usage });
      log.append({ type: 'started', generationId: this.#plan.generationId, provider, model });
      return;
    }
    if (this.#outputLength === 0)
      putRun({ ...this.#run, firstOutputMs: services.clock.now() - this.#plan.startedAtMs });
    this.#outputLength += JSON.stringify(event).length;
    if (this.#outputLength > MAX_OUTPUT) throw new EndedByGateway('output_too_large');
    for (const each of splitEvent(event)) log.append(each);
  }

  #fail(error: unknown): GenerationOutcome {
    const { services } = this.#tools;
    const nowMs = services.clock.now();
    const outcome = outcomeOfError(this.#run, error, nowMs);
    if (outcome) return outcome;
    const { generationId, organizationId } = this.#plan;
    services.log.error('ai.ask_failed', { generationId, organizationId, error });
    return failedOutcome(this.#run, 'interrupted', nowMs);
  }
}
