import type { Candidate, GenerationPlan } from '../generations/index.ts';
import { type ChatEvent, ProviderFailure, type TokenUsage } from '../providers/index.ts';
import { askCandidates, type AskProgress, type AskTools } from './ask-candidates.ts';
import { leastOutputTokens, outputBytes } from './output.rules.ts';
import { EndedByGateway } from './runs.rules.ts';
import type { StoredHedge } from './usage.rules.ts';

/** One event of a branch, or why it has ended. */
export type Step = { branch: Branch; event: ChatEvent } | { branch: Branch; error: unknown };

type OutputEvent = Exclude<ChatEvent, { type: 'started' | 'ended' }>;

/** One of the two models that are asked at the same time; the next candidates take its place where it does nothing. */
export class Branch {
  readonly progress: AskProgress;
  /** Its events before its first output. */
  readonly held: ChatEvent[] = [];
  step: Promise<Step>;
  state: StoredHedge['state'] = 'running';
  usage: TokenUsage | null = null;
  #discarded: OutputEvent | undefined;
  readonly #events: AsyncGenerator<ChatEvent>;
  readonly #abort = new AbortController();
  readonly #aborted: Promise<never>;

  /** @param waiting the candidates that nothing has asked yet; it takes the first, and more as it needs them */
  constructor(tools: AskTools, request: GenerationPlan['request'], waiting: Candidate[]) {
    this.progress = { attempts: [], candidate: waiting[0]!, hasBegun: false };
    const signal = AbortSignal.any([tools.signal, this.#abort.signal]);
    this.#aborted = new Promise((_, reject) => {
      const end = () => reject(signal.reason as Error);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
    this.#aborted.catch(() => undefined); // It is there for those who wait for a step.
    this.#events = askCandidates({ ...tools, signal }, request, waiting, this.progress);
    this.step = this.#pull();
  }

  /** Takes an event before the choice, and asks for the next one if it is not the first output. */
  hold(event: ChatEvent): void {
    this.held.push(event);
    if (event.type !== 'started') return;
    this.usage = event.usage;
    this.step = this.#pull();
  }

  get #hasFailed(): boolean {
    return this.state === 'failed';
  }

  fail(error: unknown): void {
    if (error instanceof ProviderFailure) this.state = 'failed';
  }

  /** Another one was faster: the connection to its provider is closed. What has arrived already counts. */
  async discard(): Promise<void> {
    if (this.state !== 'running') return;
    this.#abort.abort(new EndedByGateway('cancelled'));
    const step = await this.step;
    if ('error' in step) this.fail(step.error);
    else {
      const { event } = step;
      if (event.type === 'started') this.usage = event.usage;
      else if (event.type === 'ended') {
        this.usage = event.usage;
        this.state = 'ended';
        this.progress.attempts.pop();
      } else this.#discarded = event;
      // It waits for its provider, and ends for the reason that it was given.
      this.#events.return(undefined).catch(() => undefined);
    }
    const { provider, model } = this.progress.candidate;
    if (!this.#hasFailed) this.progress.attempts.push({ provider, model, failure: 'slower' });
  }

  /** All its events, after it was chosen. */
  async *rest(): AsyncGenerator<ChatEvent> {
    yield* this.held;
    yield* this.#events;
  }

  /** What is stored of it while, or because, another one answers. */
  toStored(): StoredHedge {
    const { state, usage, progress } = this;
    const output = this.#discarded ? [this.#discarded] : [];
    return {
      candidate: progress.candidate,
      state,
      usage,
      leastOutputTokens: leastOutputTokens(output),
      outputBytes: outputBytes(output),
    };
  }

  #pull(): Promise<Step> {
    return Promise.race([this.#events.next(), this.#aborted]).then(
      ({ value, done }): Step =>
        done ? { branch: this, error: new EndedByGateway('interrupted') } : { branch: this, event: value },
      (error: unknown): Step => ({ branch: this, error }),
    );
  }
}
