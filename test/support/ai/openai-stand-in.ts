import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spoken } from './speech-stand-in.ts';
import { STAND_IN_KEY } from './stand-in.ts';

export interface OpenAiFault {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** The connection ends after the body, as if it were not complete. */
  isCut?: boolean;
}

/** OpenAI without models: speech and embeddings in its format, faults on request. */
export class OpenAiStandIn {
  /** Keys that it takes. */
  readonly keys = [STAND_IN_KEY];
  readonly requests: { path: string; key: string | undefined; body: Record<string, unknown> }[] = [];
  /** What is answered to the next requests in place of an answer. */
  readonly faults: OpenAiFault[] = [];
  #server = createServer((request, response) => void this.#handle(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const key = request.headers.authorization?.slice('Bearer '.length);
    const path = request.url ?? '';
    if (!this.keys.includes(key ?? '')) return this.#fail(response, { status: 401, body: '{}' });
    if (path === '/v1/models') return void response.end('{}');
    const isForm = path === '/v1/audio/transcriptions';
    const text = Buffer.concat(parts).toString('utf8');
    const body = isForm ? { form: text } : (JSON.parse(text) as Record<string, unknown>);
    this.requests.push({ path, key, body });
    const fault = this.faults.shift();
    if (fault) return this.#fail(response, fault);
    if (path === '/v1/audio/speech') {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.end('ID3 hosted');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    if (isForm) return void response.end(JSON.stringify(spoken('By OpenAI.')));
    const { input, dimensions } = body as { input: string[]; dimensions: number };
    const embedding = Array.from({ length: dimensions }, (_each, at) => at + 1);
    const data = input.map((_text, index) => ({ index, embedding })).toReversed();
    response.end(JSON.stringify({ data, usage: { prompt_tokens: 7, total_tokens: 7 } }));
  }

  #fail(response: ServerResponse, { status, headers = {}, body, isCut = false }: OpenAiFault): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    if (!isCut) return void response.end(body);
    response.write(body, () => response.destroy());
  }
}
