import type { RoomAccess } from './room-chat.ts';
import type { Settings } from './settings.ts';
import type { SeenScreen } from './shared-screens.ts';

/** An agent that this process has from now on. */
export interface StartedAgent {
  callAgentId: string;
  url: string;
  token: string;
  name: string;
  /** The group whose turns it takes at the speech service. */
  group: string;
  /** With which it speaks; null: that of the process. */
  voice: string | null;
  /** The socket of the room. */
  room: RoomAccess;
}

export interface Poll {
  start: StartedAgent[];
  stop: string[];
  /** Those that may see shared screens now; absent: none. */
  sees?: string[];
}

const TIME_LIMIT_MS = 3_000;
const FORBIDDEN = 403;

/** The product, as a process of agents sees it. */
export class Product {
  readonly #settings: Settings;
  readonly #worker: string;

  constructor(settings: Settings, worker: string) {
    this.#settings = settings;
    this.#worker = worker;
  }

  #post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const { productUrl, secret } = this.#settings;
    return fetch(`${productUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ worker: this.#worker, ...body }),
      signal,
    });
  }

  /** @throws Error unless it is answered in time */
  async poll(capacity: number, holding: readonly string[]): Promise<Poll> {
    const answer = await this.#post(
      '/agents/poll',
      { capacity, holding },
      AbortSignal.timeout(TIME_LIMIT_MS),
    );
    if (!answer.ok) throw new Error(`polling was answered with ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Poll;
  }

  /** Asks for the agent to be taken out, for a participant. @returns whether they may; then it leaves. @throws Error when it is not answered */
  async leave(callAgentId: string, identity: string): Promise<boolean> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const { ok, status } = await this.#post('/agents/leave', { callAgentId, identity }, signal);
    if (!ok && status !== FORBIDDEN) throw new Error(`leaving was answered with ${status}`);
    return ok;
  }

  /** Reports what the agent has used since this process took it. @throws Error unless it is stored */
  async reportSpeech(
    callAgentId: string,
    used: { recognizedSeconds: number; spokenCharacters: number },
  ): Promise<void> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const { ok, status } = await this.#post('/agents/speech', { callAgentId, ...used }, signal);
    if (!ok) throw new Error(`the report was answered with ${status}`);
  }

  /** The answer of the agent, piece by piece. @throws Error when it is refused, or fails */
  async *answer(
    callAgentId: string,
    said: { speaker: string; text: string; screen?: SeenScreen | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const response = await this.#post('/agents/answers', { callAgentId, ...said }, signal);
    if (!response.ok || !response.body)
      throw new Error(`the answer was refused with ${response.status}: ${await response.text()}`);
    yield* readTexts(response.body);
  }
}

/** The texts in the events of a generation. */
async function* readTexts(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const [, type] = /^event: (.*)$/m.exec(event) ?? [];
      const [, data = '{}'] = /^data: (.*)$/m.exec(event) ?? [];
      const { text, failure } = JSON.parse(data) as { text?: string; failure?: string };
      if (type === 'text' && text) yield text;
      if (type === 'failed') throw new Error(`the answer failed: ${failure}`);
    }
  }
}
