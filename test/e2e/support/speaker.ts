import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonBody } from './host.ts';

/** Recognition takes a busy machine long. */
const WITHIN_MS = 150_000;
const ASK_EVERY_MS = 20;

export interface SpeakerEvent {
  event: string;
  at: number;
  identity?: string;
  /** Of `sounding`: when the first sound of what is spoken leaves. */
  beganAt?: number;
  /** When the last sound of what was spoken has left, or that of what others said has come. */
  endedAt?: number;
}

/** A person in a call, in a process of their own. */
export class Speaker {
  readonly #process: ChildProcess;
  readonly happened: SpeakerEvent[] = [];

  constructor({ url, token }: JsonBody) {
    const script = join(import.meta.dirname, 'speaking-process.ts');
    this.#process = spawn(process.execPath, ['--no-warnings', script, url, token], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.happened.push(JSON.parse(line) as SpeakerEvent);
    });
  }

  /** The first such event after a time. @throws when there is none in time */
  async next(event: string, after = 0): Promise<SpeakerEvent> {
    for (const end = Date.now() + WITHIN_MS; Date.now() < end; await sleep(ASK_EVERY_MS)) {
      const found = this.happened.find((each) => each.event === event && each.at >= after);
      if (found) return found;
    }
    throw new Error(`nothing like ${event} after ${after}: ${JSON.stringify(this.happened)}`);
  }

  command(text: string): void {
    this.#process.stdin!.write(`${text}\n`);
  }

  /** Speaks a file. @returns when its last sound has left */
  async say(file: string): Promise<number> {
    const begunAt = Date.now();
    this.command(`say ${file}`);
    return (await this.next('spoke', begunAt)).endedAt!;
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}
