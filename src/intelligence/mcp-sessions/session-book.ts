import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { McpAnswer, McpClientProfile } from './mcp-sessions.ports.ts';

const PREFIX = 'session|';
export const MAX_SESSIONS = 20;
export const IDLE_LIMIT_MS = 3_600_000;
/** The time of use is stored at most once in this time. */
const USE_STEP_MS = 60_000;
export const MAX_QUESTIONS = 16;
export const ANSWER_LIMIT_MS = 300_000;

interface StoredSession {
  client: McpClientProfile;
  usedAtMs: number;
}

interface OpenQuestion {
  sessionHash: string;
  askedAtMs: number;
  answered: Promise<McpAnswer>;
  settle(answer: McpAnswer): void;
}

interface SessionBookHost {
  storage: KeyValueStorage;
  nowMs(): number;
  /** @returns a function that stops the timer, which would keep the object in memory */
  startTimer(ms: number, run: () => void): () => void;
  wakeAt(atMs: number): void;
}

/** The sessions of one credential, and the questions that are open in them. */
export class SessionBook {
  readonly #host: SessionBookHost;
  readonly #questions = new Map<string, OpenQuestion>();

  constructor(host: SessionBookHost) {
    this.#host = host;
  }

  /** Begins a session; when there are too many, the least recently used one ends. */
  begin(sessionHash: string, client: McpClientProfile): void {
    const sessions = this.#list().toSorted(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    for (const [hash] of sessions.slice(0, Math.max(0, sessions.length + 1 - MAX_SESSIONS))) this.end(hash);
    this.#store(sessionHash, { client, usedAtMs: this.#host.nowMs() });
  }

  use(sessionHash: string): McpClientProfile | null {
    const session = this.#find(sessionHash);
    if (!session) return null;
    const nowMs = this.#host.nowMs();
    if (nowMs - session.usedAtMs >= USE_STEP_MS) this.#store(sessionHash, { ...session, usedAtMs: nowMs });
    return session.client;
  }

  end(sessionHash: string): boolean {
    for (const question of this.#questions.values())
      if (question.sessionHash === sessionHash) question.settle(null);
    return this.#host.storage.delete(PREFIX + sessionHash);
  }

  ask(sessionHash: string, questionId: string): boolean {
    const nowMs = this.#host.nowMs();
    // The request that asked may have died before it waited.
    for (const [id, { askedAtMs }] of this.#questions)
      if (askedAtMs + ANSWER_LIMIT_MS <= nowMs) this.#questions.delete(id);
    const open = [...this.#questions.values()].filter((each) => each.sessionHash === sessionHash);
    if (!this.#find(sessionHash) || open.length >= MAX_QUESTIONS) return false;
    const { promise: answered, resolve: settle } = Promise.withResolvers<McpAnswer>();
    this.#questions.set(questionId, { sessionHash, askedAtMs: nowMs, answered, settle });
    return true;
  }

  /** The answer to a question; null when it is not open, or its time is over. */
  async answerOf(sessionHash: string, questionId: string): Promise<McpAnswer> {
    const question = this.#questions.get(questionId);
    if (question?.sessionHash !== sessionHash) return null;
    const stopTimer = this.#host.startTimer(ANSWER_LIMIT_MS, () => question.settle(null));
    try {
      return await question.answered;
    } finally {
      stopTimer();
      this.#questions.delete(questionId);
    }
  }

  answer(sessionHash: string, questionId: string, answer: Record<string, unknown>): boolean {
    const question = this.#questions.get(questionId);
    if (question?.sessionHash !== sessionHash) return false;
    question.settle(answer);
    return true;
  }

  /** Ends sessions that are no longer used. @returns the next time to check; null for never */
  sweep(): number | null {
    const nowMs = this.#host.nowMs();
    const ends = this.#list().flatMap(([hash, { usedAtMs }]) => {
      const endsAtMs = usedAtMs + IDLE_LIMIT_MS;
      if (endsAtMs > nowMs) return [endsAtMs];
      this.end(hash);
      return [];
    });
    return ends.length === 0 ? null : Math.min(...ends);
  }

  #list(): [hash: string, session: StoredSession][] {
    return Array.from(this.#host.storage.list({ prefix: PREFIX }), ([key, session]) => [
      key.slice(PREFIX.length),
      session as StoredSession,
    ]);
  }

  #find(sessionHash: string): StoredSession | undefined {
    const session = this.#host.storage.get(PREFIX + sessionHash) as StoredSession | undefined;
    return session && session.usedAtMs + IDLE_LIMIT_MS > this.#host.nowMs() ? session : undefined;
  }

  #store(sessionHash: string, session: StoredSession): void {
    this.#host.storage.put(PREFIX + sessionHash, session);
    this.#host.wakeAt(session.usedAtMs + IDLE_LIMIT_MS);
  }
}
