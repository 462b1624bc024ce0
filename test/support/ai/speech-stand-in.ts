import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Piece {
  start: number;
  end: number;
  silent: boolean;
}
type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** Two pieces of a minute, and a silent one between them. */
export const THREE_PIECES: readonly Piece[] = [
  { start: 0, end: 50, silent: false },
  { start: 50, end: 110, silent: true },
  { start: 110, end: 130, silent: false },
];

const readAll = async (request: IncomingMessage) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

const word = (text: string, start: number) => ({ word: text, start, end: start + 0.4, probability: 0.9 });

/** What the service says of a piece with this text. */
export const spoken = (text: string, start = 1) => ({
  text,
  language: 'en',
  language_probability: 0.98,
  duration: 50,
  segments: [{ text, start, end: start + 2, avg_logprob: -0.1 }],
  words: text.split(' ').map((each, at) => word(each, start + at * 0.5)),
});

/** The speech service without models: what is said is what a test says, and it fails on request. */
export class SpeechStandIn {
  readonly secret = 'speech-'.repeat(6);
  /** Bytes that arrived, by the name of the source. */
  readonly sources = new Map<string, Buffer>();
  pieces: readonly Piece[] = THREE_PIECES;
  /** What is answered to the next transcriptions, in turn; then `said`. */
  readonly answers: Answer[] = [];
  said = spoken('Nothing special.');
  /** What is answered in place of the pieces. */
  piecesAnswer: Answer | undefined;
  /** Whether it takes the sound of files. */
  isDecoding = true;
  /** What is answered in place of voices, speech and translations. */
  engineAnswer: Answer | undefined;
  voices: readonly string[] = ['joe'];
  /** Requests of speech and translations. */
  readonly requests: Record<string, unknown>[] = [];
  /** Requests of transcription, as forms. */
  readonly forms: string[] = [];
  readonly groups: (string | undefined)[] = [];
  #server = createServer((request, response) => void this.#handle(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const { status, body: answer, headers = {} } = this.#answer(request, body);
    const isRaw = Buffer.isBuffer(answer) || typeof answer === 'string';
    response.writeHead(status, { 'content-type': isRaw ? 'audio/flac' : 'application/json', ...headers });
    response.end(answer === undefined ? undefined : isRaw ? answer : JSON.stringify(answer));
  }

  #answerEngine(url: string, body: Buffer): Answer | undefined {
    if (url === '/v1/audio/voices')
      return { status: 200, body: { data: [{ id: 'joe', name: 'Joe', language: 'en-US' }] } };
    if (url === '/v1/translations/languages')
      return { status: 200, body: { data: [{ source: 'en', target: 'es' }] } };
    if (url !== '/v1/audio/speech' && url !== '/v1/translations') return undefined;
    const request = JSON.parse(body.toString()) as {
      input: string[];
      source?: string;
      target: string;
      voice?: string;
    };
    this.requests.push(request);
    const { voice } = request;
    if (url === '/v1/audio/speech' && voice !== undefined && !this.voices.includes(voice))
      return { status: 400, body: { error: { code: 'voice_unknown', message: 'voice is not one' } } };
    if (url === '/v1/audio/speech')
      return { status: 200, body: Buffer.from('ID3 sound'), headers: { 'content-type': 'audio/mpeg' } };
    if (request.target !== 'es')
      return { status: 400, body: { error: { code: 'languages_not_supported', message: 'no' } } };
    const data = request.input.map((text, index) => ({ index, text: this.translate(text) }));
    return { status: 200, body: { data, source: request.source ?? 'en', usage: { characters: 1 } } };
  }

  translate = (text: string): string => `es(${text})`;

  #answer({ method, url = '', headers }: IncomingMessage, body: Buffer): Answer {
    if (headers.authorization !== `Bearer ${this.secret}`) return { status: 401 };
    this.groups.push(headers['speech-group'] as string | undefined);
    if (url === '/v1/audio/transcriptions') {
      this.forms.push(body.toString('latin1'));
      return this.answers.shift() ?? { status: 200, body: this.said };
    }
    const engine = this.#answerEngine(url, body);
    if (engine) return this.engineAnswer ?? engine;
    if (!this.isDecoding) return { status: 503, body: { error: { code: 'loading' } } };
    const [, name = '', rest = ''] = /^\/v1\/audio\/sources\/([^/]+)(.*)$/.exec(url) ?? [];
    const source = this.sources.get(name);
    if (method === 'PUT') {
      this.sources.set(name, Buffer.concat([source ?? Buffer.alloc(0), body]));
      return { status: 204 };
    }
    if (method === 'DELETE') return this.sources.delete(name) ? { status: 204 } : { status: 204 };
    if (!source) return { status: 404, body: { error: { code: 'source_unknown' } } };
    if (method === 'HEAD') return { status: 200, headers: { 'upload-offset': String(source.length) } };
    if (rest === '/pieces') return this.piecesAnswer ?? { status: 200, body: { pieces: this.pieces } };
    return { status: 200, body: Buffer.from('fLaC') };
  }
}
