import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BatchesAnswer } from './batches-answer.ts';
import type { Dialect } from './dialect.ts';
import type { Fault } from './faults.ts';
import { messagesDialect } from './messages-answer.ts';
import type { ScriptedAnswer } from './scripted-answer.ts';

export interface ReceivedRequest {
  path: string;
  key: string | undefined;
  body: any; // eslint-disable-line typescript/no-explicit-any -- what the provider was sent is what tests look into
}

/** A key that the stand-in takes. Others are refused. */
export const STAND_IN_KEY = 'key-of-the-stand-in';

const DEFAULT_ANSWER: ScriptedAnswer = {
  pieces: ['Hello', ' from', ' the', ' stand-in', '.'],
  usage: { input_tokens: 12, output_tokens: 9 },
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? undefined : JSON.parse(text);
}

/**
 * A real HTTP server that speaks the API of a provider (Anthropic, if nothing else is said): streams in its format, figures as scripted, faults on request.
 * It is no model: its answers are written by tests.
 */
export class AiStandIn {
  /** What was received, oldest first. */
  readonly requests: ReceivedRequest[] = [];
  /** Answers and faults of the next requests, in their order, each silent until its gate opens; then `answer`. */
  readonly next: { answer?: ScriptedAnswer; fault?: Fault; gate?: Promise<void> }[] = [];
  answer: ScriptedAnswer = DEFAULT_ANSWER;
  /** Batches of Anthropic's API. */
  readonly batches = new BatchesAnswer(() => this.answer);
  /** Milliseconds before the first event, and between two of them. */
  firstMs = 0;
  pieceMs = 0;
  /** Answers that are being sent. */
  open = 0;
  /** While it is set, answers wait for it after their first piece. */
  gate: Promise<void> | undefined;
  readonly #dialect: Dialect;
  #count = 0;
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });

  constructor(dialect = messagesDialect) {
    this.#dialect = dialect;
  }

  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request);
    const dialect = this.#dialect;
    const key = dialect.keyOf(request.headers);
    const path = request.url ?? '';
    this.requests.push({ path, key, body });
    if (key !== STAND_IN_KEY) return this.#refuse(response, dialect.refusedKey);
    const ofBatch = this.batches.handle(request.method ?? '', path, body);
    if (ofBatch) {
      response.writeHead(ofBatch.status, { 'content-type': 'application/json' });
      response.end(ofBatch.body);
      return;
    }
    if (dialect.isListOfModels(path)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null }));
      return;
    }
    const counted = dialect.countOf?.(path);
    if (!counted) return this.#answer(dialect.modelOf(path, body), response);
    const { fault } = this.next.shift() ?? {};
    if (fault?.kind === 'status') return this.#refuse(response, fault);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(fault?.kind === 'wrong_usage' ? {} : counted));
  }

  #refuse(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>) {
    const { status, retryAfterSeconds } = fault;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    });
    response.end(JSON.stringify(this.#dialect.error(fault)));
  }

  async #answer(model: string, response: ServerResponse): Promise<void> {
    const { answer = this.answer, fault, gate } = this.next.shift() ?? {};
    if (fault?.kind === 'status') return this.#refuse(response, fault);
    if (fault?.kind === 'stall' && fault.after < 0) return;
    this.open++;
    response.on('close', () => this.open--);
    const { start, blocks, blocksBefore, end } = this.#dialect.answer(
      model,
      `msg_${++this.#count}`,
      answer,
      fault,
    );
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (this.firstMs > 0) await sleep(this.firstMs);
    response.write(start);
    const faultAt = fault && 'after' in fault ? blocksBefore(fault.after) : Infinity;
    const firstPiece = blocksBefore(1);
    await gate;
    for (const [at, block] of blocks.entries()) {
      if (at === faultAt) return this.#goWrong(fault!, response);
      if (at === firstPiece && this.gate) await this.gate;
      if (response.destroyed) return;
      response.write(block);
      if (this.pieceMs > 0) await sleep(this.pieceMs);
    }
    if (faultAt !== Infinity && faultAt >= blocks.length) return this.#goWrong(fault!, response);
    response.end(end);
  }

  #goWrong(fault: Fault, response: ServerResponse): void {
    switch (fault.kind) {
      case 'cut':
        // After what was written has left.
        setTimeout(() => response.destroy(), 50);
        break;
      case 'end_early':
        response.end();
        break;
      case 'malformed':
        response.end(this.#dialect.event('{"type":"content_block_delta",', false));
        break;
      case 'error_event':
        response.end(
          this.#dialect.event(
            JSON.stringify(this.#dialect.error({ type: fault.type, message: 'failed' })),
            true,
          ),
        );
        break;
      case 'long_line':
        response.end(this.#dialect.event('x'.repeat(fault.bytes), false));
        break;
      case 'stall':
      case 'status':
      case 'wrong_usage': // Nothing more comes.
    }
  }
}
