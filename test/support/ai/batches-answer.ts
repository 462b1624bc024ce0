import type { ScriptedAnswer } from './scripted-answer.ts';

interface StoredBatch {
  id: string;
  status: 'in_progress' | 'canceling' | 'ended';
  requests: { custom_id: string; params: any }[]; // eslint-disable-line typescript/no-explicit-any -- what the provider was sent is what tests look into
  /** The lines of its results, once it has ended. */
  lines: string[];
}

/** A result line that says that a request was answered. */
export const succeeded = (customId: string, { pieces, usage }: ScriptedAnswer, fields: object = {}) =>
  JSON.stringify({
    custom_id: customId,
    result: {
      type: 'succeeded',
      message: {
        id: `msg_${customId}`,
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: pieces.join('') }],
        stop_reason: 'end_turn',
        usage: { ...usage, service_tier: 'batch' },
        ...fields,
      },
    },
  });

/** A result line of another kind. */
export const result = (customId: string, fields: object) =>
  JSON.stringify({ custom_id: customId, result: fields });

/** Message Batches, which end when a test says so. */
export class BatchesAnswer {
  readonly all: StoredBatch[] = [];
  /** How often results were read. */
  reads = 0;
  /** The next requests are refused with these statuses. */
  readonly refusals: { status: number; type: string }[] = [];
  readonly #answer: () => ScriptedAnswer;

  constructor(answer: () => ScriptedAnswer) {
    this.#answer = answer;
  }

  /** Ends the newest batch: with these lines, or an answer to each request. */
  end(lines?: string[]): void {
    const batch = this.all.at(-1)!;
    batch.status = 'ended';
    batch.lines = lines ?? batch.requests.map(({ custom_id: id }) => succeeded(id, this.#answer()));
  }

  /** The status and the body of an answer; undefined for a path of something else. */
  handle(method: string, path: string, body: unknown): { status: number; body: string } | undefined {
    const found = /^\/v1\/messages\/batches(?:\/([^/]+))?(\/results|\/cancel)?$/.exec(path);
    if (!found) return undefined;
    const refusal = this.refusals.shift();
    if (refusal) return this.#error(refusal.status, refusal.type);
    const [, id, action] = found;
    if (id === undefined) return this.#create(body as Pick<StoredBatch, 'requests'>);
    const batch = this.all.find((each) => each.id === id);
    if (!batch) return this.#error(404, 'not_found_error');
    if (action === '/results') {
      this.reads++;
      return { status: 200, body: batch.lines.map((line) => `${line}\n`).join('') };
    }
    if (action === '/cancel' && batch.status === 'in_progress') batch.status = 'canceling';
    if (method === 'DELETE') this.all.splice(this.all.indexOf(batch), 1);
    return { status: 200, body: JSON.stringify(this.#shown(batch)) };
  }

  #create({ requests }: Pick<StoredBatch, 'requests'>) {
    const batch: StoredBatch = {
      id: `msgbatch_${this.all.length + 1}`,
      status: 'in_progress',
      requests,
      lines: [],
    };
    this.all.push(batch);
    return { status: 200, body: JSON.stringify(this.#shown(batch)) };
  }

  #shown({ id, status }: StoredBatch) {
    return { id, type: 'message_batch', processing_status: status, results_url: 'http://127.0.0.1:1/' };
  }

  #error(status: number, type: string) {
    return { status, body: JSON.stringify({ type: 'error', error: { type, message: 'refused' } }) };
  }
}
