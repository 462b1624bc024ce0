import { isRefusal, serverErrors } from '../../kernel/core/index.ts';
import { toErrorFrame } from '../../realtime/sockets/index.ts';
import type { ProviderFailure, SpeechEvent } from '../providers/index.ts';
import type { RecognitionEndReason, RecognitionServerFrame } from '../recognitions/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { Allowance } from './allowance.ts';
import type { RecognitionRuntime } from './recognition-runtime.ts';
import type { RecognitionStore } from './recognition-store.ts';
import { RecognizerLine } from './recognizer-line.ts';
import { ResultLog } from './result-log.ts';

const FREE_RESENT_MS = 60_000;

export interface RecognizingEvents {
  send(frame: RecognitionServerFrame): void;
  onEnded(): void;
}

/** Sound on its way to the speech service, and the results on their way back. */
export class Recognizing {
  readonly results: ResultLog;
  /** Since when the speech service is not available; null while it is. */
  awayAtMs: number | null = null;
  /** Whether the client wants to end once all sound has its results. */
  isClosing = false;
  readonly #runtime: RecognitionRuntime;
  readonly #store: RecognitionStore;
  readonly #events: RecognizingEvents;
  #line: RecognizerLine | null = null;
  #extending: Promise<void> | null = null;
  /** The minute that is being allowed: its beginning, and the outcome. */
  #allowing: { fromMs: number; allowed: Promise<number> } | null = null;
  #ending: Promise<void> | null = null;

  constructor(runtime: RecognitionRuntime, store: RecognitionStore, events: RecognizingEvents) {
    this.#runtime = runtime;
    this.#store = store;
    this.#events = events;
    this.results = new ResultLog(runtime.storage);
  }

  /** Takes sound that begins at a moment; it is sent once it is allowed. */
  add(sound: Uint8Array, atMs: number, endMs: number): void {
    const allowance = new Allowance(this.#runtime, this.#store.plan!);
    this.#noteResent(allowance, Math.min(endMs, this.#store.progress.receivedMs) - atMs);
    this.#store.receive(endMs);
    const line = this.#openLine();
    line.add({ sound, atMs, endMs });
    if (endMs <= allowance.untilMs) line.allowUntil(allowance.untilMs);
    else this.#extend(allowance);
  }

  /** Sound that clients send again is free only as far as lost connections explain it. */
  #noteResent(allowance: Allowance, ms: number): void {
    if (ms <= 0) return;
    const resentMs = this.#store.progress.resentMs + ms;
    this.#store.change({ resentMs });
    if (resentMs > FREE_RESENT_MS) allowance.correct(ms);
  }

  /** Asks for the results of all received sound. */
  finalize(): void {
    const { receivedMs, doneMs } = this.#store.progress;
    if (receivedMs > doneMs) this.#openLine().finalize();
    else this.#take({ type: 'finalized' });
  }

  /** Drops the line: the client sends sound without a result again. */
  startAgain(): void {
    this.#line?.close();
    this.#line = null;
  }

  /** Ends the recognition, once, and counts it. */
  end(reason: RecognitionEndReason): Promise<void> {
    this.#ending ??= this.#end(reason).finally(() => (this.#ending = null));
    return this.#ending;
  }

  async #end(reason: RecognitionEndReason): Promise<void> {
    const { plan, progress } = this.#store;
    if (!plan) return;
    this.startAgain();
    // Nothing was sent of a minute that is being allowed. The allowance counts the time before it, so it is not
    // counted here.
    const sentMs = this.#allowing?.fromMs ?? progress.receivedMs;
    await Promise.allSettled([this.#allowing?.allowed]);
    await new Allowance(this.#runtime, plan).count(sentMs);
    this.#events.send({ type: 'ended', reason, receivedMs: Math.round(progress.receivedMs) });
    this.#store.plan = undefined;
    this.#events.onEnded();
  }

  /** Counts a minute that takes long before its reservation ends, and reserves another one from there. */
  renew(): void {
    const allowance = new Allowance(this.#runtime, this.#store.plan!);
    if (allowance.isLapsing) this.#extend(allowance, this.#store.progress.receivedMs);
  }

  #extend(allowance: Allowance, fromMs = Math.max(allowance.untilMs, this.#store.progress.doneMs)): void {
    if (this.#extending || this.#ending) return;
    const allowed = allowance.extend(fromMs);
    this.#allowing = { fromMs, allowed };
    this.#extending = allowed
      .finally(() => (this.#allowing = null))
      .then((untilMs) => this.#line?.allowUntil(untilMs))
      .catch((error: unknown) => this.#refuse(error))
      .finally(() => (this.#extending = null));
    this.#runtime.keepAlive(this.#extending);
  }

  async #refuse(error: unknown): Promise<void> {
    const { log } = this.#runtime.services();
    if (!isRefusal(error)) log.error('recognitions.not_extended', { ...this.#ref, error });
    const refusal = isRefusal(error) ? error : serverErrors.unavailable({ cause: error });
    this.#events.send(toErrorFrame(null, refusal));
    await this.end('not_allowed');
  }

  get #ref() {
    const { recognitionId, organizationId } = this.#store.plan ?? {};
    return { recognitionId, organizationId };
  }

  #openLine(): RecognizerLine {
    const { services, startTimer } = this.#runtime;
    const { organizationId, language, encoding } = this.#store.plan!;
    this.#line ??= new RecognizerLine({
      open: (offsetMs, listener) => {
        const open = services().ports.speech?.(organizationId).speechToText.open;
        if (!open) throw speechErrors.degraded();
        return open({ encoding, language, offsetMs }, listener);
      },
      nowMs: () => services().clock.now(),
      startTimer,
      doneMs: () => this.#store.progress.doneMs,
      onEvent: (event) => this.#take(event),
      onLost: (startMs, endMs) => this.#addResult({ type: 'gap', startMs, endMs }),
      onFailed: (failure) => this.#noteFailure(failure),
    });
    return this.#line;
  }

  #noteFailure({ kind }: ProviderFailure): void {
    const { log, clock } = this.#runtime.services();
    log.warn('recognitions.line_failed', { ...this.#ref, kind });
    this.awayAtMs ??= clock.now();
    this.#events.send({ type: 'degraded' });
  }

  #take(event: SpeechEvent): void {
    this.awayAtMs = null;
    if (event.type === 'partial') {
      const { startMs, text, version } = event;
      this.#events.send({ type: 'partial', startMs, text, version });
    } else if (event.type === 'finalized') {
      this.#events.send({ type: 'finalized' });
      if (this.isClosing) this.#runtime.keepAlive(this.end('closed'));
    } else {
      const { segment: _segment, ...result } = event;
      this.#addResult(result);
    }
  }

  #addResult(result: Parameters<ResultLog['add']>[0]): void {
    const stored = this.results.add(result);
    // Sound that was not recognized is not counted.
    if (result.type === 'gap')
      new Allowance(this.#runtime, this.#store.plan!).correct(result.startMs - result.endMs);
    this.#store.change({ doneMs: Math.max(this.#store.progress.doneMs, result.endMs) });
    this.#events.send(stored);
  }
}
