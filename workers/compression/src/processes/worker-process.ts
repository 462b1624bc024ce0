import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;
const WATCH_MS = 100;

/** Why a process gave no answer. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** It needed more memory than it may have, and will again for the same work. */
export class MemoryExceeded extends ProcessEnded {}

/** A refusal by the worker itself, with a text for the caller. */
export class WorkerRefusal extends Error {
  override readonly name = 'WorkerRefusal';
}

/** Instead of the number of a request: the process has started. */
export const READY = 0;

export interface Answer {
  id: number;
  value?: unknown;
  /** Fails the request; the process lives. */
  refused?: string;
  /** Anything that comes before the answer. */
  progress?: unknown;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
  onProgress: ((progress: never) => void) | undefined;
}

/** Memory that a process has in RAM; 0 when it has ended. */
export function readMemoryBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0; // it has ended, or the system is not Linux
  }
}

/** A process that holds native codecs. It is ended when it takes more memory than it may. */
export class WorkerProcess {
  readonly pid: number;
  readonly ended: Promise<string>;
  /** Resolves when it has started; on a busy machine that takes seconds. */
  readonly ready: Promise<void>;
  peakBytes = 0;
  #setReady = () => {};
  #child: ChildProcess;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #reason = '';
  #isTooLarge = false;

  /** @param env beside what all have */
  constructor(script: string, maxBytes: number, env: Record<string, string> = {}) {
    this.#child = fork(script, {
      serialization: 'advanced',
      execArgv: ['--max-semi-space-size=2', '--no-warnings'],
      env: { PATH: process.env.PATH, SVT_LOG: '0', UV_THREADPOOL_SIZE: '8', ...env }, // no secrets of this process
    });
    this.pid = this.#child.pid ?? 0;
    this.ready = new Promise((resolve) => (this.#setReady = resolve));
    const watch = setInterval(() => this.#checkMemory(maxBytes), WATCH_MS);
    watch.unref();
    this.#child.on('message', (answer) => this.#take(answer as Answer));
    this.ended = new Promise((resolve) => {
      const end = (detail: string) => {
        clearInterval(watch);
        const reason = this.#reason || `the codec's process ended (${detail})`;
        const error = this.#isTooLarge ? new MemoryExceeded(reason) : new ProcessEnded(reason);
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve(reason);
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  get isConnected(): boolean {
    return this.#child.connected;
  }
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** @throws ProcessEnded when the process ends before it answers; WorkerRefusal with its reason when it refuses */
  ask<T>(message: object, onProgress?: (progress: never) => void): Promise<T> {
    if (!this.#child.connected)
      return Promise.reject(new ProcessEnded(this.#reason || 'the process has ended'));
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#child.send({ ...message, id }, (error) => {
        if (error) this.end(error.message);
      });
    });
  }

  /** Ends it at once; requests that wait fail with the reason. */
  end(reason: string): void {
    this.#reason ||= reason;
    this.#child.kill('SIGKILL');
  }

  #take({ id, value, refused, progress }: Answer): void {
    if (id === READY) return this.#setReady();
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (progress !== undefined) return waiting.onProgress?.(progress as never);
    this.#waiting.delete(id);
    if (refused === undefined) waiting.resolve(value as never);
    else waiting.reject(new WorkerRefusal(refused));
  }

  #checkMemory(maxBytes: number): void {
    const bytes = readMemoryBytes(this.pid);
    this.peakBytes = Math.max(this.peakBytes, bytes);
    if (bytes <= maxBytes) return;
    this.#isTooLarge = true;
    this.end(`the codec needed more than ${Math.round(maxBytes / 1024 / 1024)} MiB`);
  }
}
