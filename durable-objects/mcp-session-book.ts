import { DurableObject } from 'cloudflare:workers';
import { systemClock } from '../src/kernel/core/index.ts';
import { Alarm } from '../src/kernel/durable/index.ts';
import {
  type McpAnswer,
  type McpClientProfile,
  SessionBook,
} from '../src/intelligence/mcp-sessions/index.ts';

/** Sessions of MCP clients with one credential; see `src/intelligence/mcp-sessions`. */
export class McpSessionBook extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx);
  readonly #book = new SessionBook({
    storage: this.ctx.storage.kv,
    nowMs: () => systemClock.now(),
    startTimer: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    wakeAt: (atMs) => this.#alarm.wakeAt(atMs),
  });

  begin(sessionHash: string, client: McpClientProfile): void {
    this.#book.begin(sessionHash, client);
  }

  use(sessionHash: string): McpClientProfile | null {
    return this.#book.use(sessionHash);
  }

  end(sessionHash: string): boolean {
    return this.#book.end(sessionHash);
  }

  ask(sessionHash: string, questionId: string): boolean {
    return this.#book.ask(sessionHash, questionId);
  }

  answerOf(sessionHash: string, questionId: string): Promise<McpAnswer> {
    return this.#book.answerOf(sessionHash, questionId);
  }

  answer(sessionHash: string, questionId: string, answer: Record<string, unknown>): boolean {
    return this.#book.answer(sessionHash, questionId, answer);
  }

  override async alarm(): Promise<void> {
    this.#alarm.markFired();
    const nextAtMs = this.#book.sweep();
    if (nextAtMs === null) await this.ctx.storage.deleteAll();
    else this.#alarm.wakeAt(nextAtMs);
  }
}
