import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt, jwtVerify } from 'jose';
import { listen, type LocalServer } from '../../../workers/local/listen.ts';
import { BEHAVIOUR_HEADER, type Behaviour, behaviourOf } from './behaviour.ts';
import { SimulatedCluster } from './cluster.ts';
import { ROOM_SERVICE } from './room-service.ts';
import { TwirpError, type VideoGrants } from './twirp.ts';

export interface StandInOptions {
  apiKey?: string;
  apiSecret?: string;
  /** The clock of its rooms, in milliseconds; the machine's by default. */
  now?: () => number;
  /** Makes the ids of several stand-ins distinct. */
  series?: number;
}

interface HttpAnswer {
  status: number;
  type: string;
  body: string;
}

const JSON_TYPE = 'application/json';
const PREFIX = '/twirp/livekit.RoomService/';
const PLAIN = 'text/plain; charset=utf-8';

const refusal = (status: number, code: string, msg: string): HttpAnswer => ({
  status,
  type: JSON_TYPE,
  body: JSON.stringify({ code, msg }),
});

const toSnakeCase = (key: string) => key.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** The fields of a request may be in snake or camel case. */
function withSnakeCaseKeys(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [toSnakeCase(key), value]));
}

/** A broken connection: `fetch` rejects with a TypeError. */
const createConnectionError = () => new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });

/**
 * LiveKit's API over a simulated cluster: as `fetch`, or over HTTP. Each request asks for its own treatment by `X-Behave`,
 * so that concurrent tests do not affect each other.
 */
export class LiveKitStandIn {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly cluster: SimulatedCluster;
  /** The methods called, in order. */
  readonly calledMethods: string[] = [];

  constructor({ apiKey = 'standin', apiSecret = 'stand-in '.repeat(5), now, series }: StandInOptions = {}) {
    this.apiKey = apiKey;
    this.apiSecret = apiSecret;
    this.cluster = new SimulatedCluster(now, series);
  }

  /** Answers as the server would, whatever the host of the request. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const behaviour = behaviourOf(request.headers.get(BEHAVIOUR_HEADER));
    if (behaviour.delayMs > 0) await sleep(behaviour.delayMs, undefined, { signal: request.signal });
    request.signal.throwIfAborted();
    if (behaviour.drop === 'before') throw createConnectionError();
    if (behaviour.body === 'never')
      return new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
      });
    const answer = await this.answer(request, behaviour);
    if (behaviour.drop === 'after') throw createConnectionError();
    const headers = { 'content-type': answer.type };
    if (behaviour.body === 'cut')
      return new Response(cutShort(answer.body), { status: answer.status, headers });
    return new Response(answer.body, { status: answer.status, headers });
  };

  /** A `fetch` whose requests get the behaviours one after the other, and normal answers afterwards. */
  withBehaviours(...each: string[]): typeof fetch {
    const remaining = [...each];
    return (input, init) => {
      const request = new Request(input, init);
      const next = remaining.shift();
      if (next) request.headers.set(BEHAVIOUR_HEADER, next);
      return this.fetch(request);
    };
  }

  /** The same over HTTP, on a free port of this machine. */
  listen(): Promise<LocalServer> {
    return listen(
      createServer((request, response) => void this.serve(request, response)),
      0,
    );
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const behaviour = behaviourOf((request.headers[BEHAVIOUR_HEADER] as string | undefined) ?? null);
    if (behaviour.delayMs > 0) await sleep(behaviour.delayMs);
    if (behaviour.drop === 'before') return void request.socket.resetAndDestroy();
    if (behaviour.body === 'never') return;
    const { method = 'GET', url = '/', headers } = request;
    const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
    const headerEntries = Object.entries(headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    );
    const apiRequest = new Request(`http://livekit${url}`, { method, headers: headerEntries, body });
    const answer = await this.answer(apiRequest, behaviour);
    if (behaviour.drop === 'after') return void request.socket.resetAndDestroy();
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': Buffer.byteLength(answer.body),
    });
    if (behaviour.body !== 'cut') return void response.end(answer.body);
    response.write(answer.body.slice(0, answer.body.length / 2), () => request.socket.resetAndDestroy());
  }

  private async answer(request: Request, behaviour: Behaviour): Promise<HttpAnswer> {
    const refuse = (status: number) =>
      refusal(status, status === 503 ? 'unavailable' : 'internal', 'as requested');
    if (behaviour.refuse?.before) return refuse(behaviour.refuse.status);
    const answer = await this.route(request, behaviour);
    if (behaviour.refuse) return refuse(behaviour.refuse.status);
    return behaviour.body === 'garbage' ? { ...answer, body: '<html>502</html>' } : answer;
  }

  private async route(request: Request, { staleMs }: Behaviour): Promise<HttpAnswer> {
    const { pathname } = new URL(request.url);
    if (pathname === '/') return { status: 200, type: PLAIN, body: 'OK' };
    const grants = await this.grantsOf(request.headers.get('authorization'));
    if ('refused' in grants) return { status: 401, type: PLAIN, body: grants.refused };
    const name = pathname.slice(PREFIX.length);
    const method = pathname.startsWith(PREFIX) ? ROOM_SERVICE[name] : undefined;
    if (!method || request.method !== 'POST')
      return refusal(404, 'bad_route', `no handler for path "${pathname}"`);
    this.calledMethods.push(name);
    try {
      const body: unknown = await request.json().catch(() => undefined);
      const result = method({ cluster: this.cluster, grants, staleMs }, withSnakeCaseKeys(body));
      return { status: 200, type: JSON_TYPE, body: JSON.stringify(result) };
    } catch (error) {
      if (error instanceof TwirpError) return refusal(error.status, error.code, error.message);
      throw error;
    }
  }

  /** The grants of the token; none without a token. */
  private async grantsOf(header: string | null): Promise<VideoGrants | { refused: string }> {
    if (header === null) return {};
    const token = /^Bearer (.*)$/.exec(header)?.[1];
    if (token === undefined) return { refused: 'invalid authorization header. Must start with Bearer ' };
    try {
      const { iss = '' } = decodeJwt(token);
      if (iss !== this.apiKey) return { refused: `invalid API key: ${iss}` };
    } catch {
      return { refused: 'invalid authorization token' };
    }
    try {
      const key = new TextEncoder().encode(this.apiSecret);
      // The SDK dates its tokens by the machine's clock, not by that of the simulated cluster.
      const { payload } = await jwtVerify<{ video?: VideoGrants }>(token, key);
      return payload.video ?? {};
    } catch (error) {
      return { refused: `invalid token: ${token}, error: ${(error as Error).message}` };
    }
  }
}

/** Sends the first half, and then breaks the connection. */
function cutShort(body: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body.slice(0, body.length / 2)));
    },
    pull(controller) {
      controller.error(createConnectionError());
    },
  });
}
