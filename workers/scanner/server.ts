import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ClamdAddress, pingClamd, scanWithClamd } from './clamd.ts';

export interface ScannerSettings {
  /** Secrets of callers; more than one while they are exchanged. */
  secrets: readonly string[];
  clamd: ClamdAddress;
  /** Time after which a scan is given up. */
  scanMs: number;
  /** Scans at a time; clamd has a thread for each. */
  maxScans: number;
  /** Of these, scans of one group, which the caller names: an organization leaves most of them to others. */
  maxScansOfGroup: number;
  /** The largest body that clamd takes; that of clamd.conf where none is given. */
  maxBytes?: number;
  /** Called with why a scan had no verdict. */
  log(reason: string): void;
}

const PING_MS = 2_000;

const digest = (text: string) => createHash('sha256').update(text).digest();

function isCaller({ headers }: IncomingMessage, secrets: readonly string[]): boolean {
  const given = digest(headers.authorization ?? '');
  return secrets.map((secret) => timingSafeEqual(given, digest(`Bearer ${secret}`))).includes(true);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The scanner over HTTP: `POST /scan` has clamd scan the body and answers `{"verdict": "clean" | "infected" | "failed"}`; 502 when clamd
 * gives no verdict, 503 when as many scans run as there may, in all or of the group that the header `Scan-Group` names. `GET /ready` is 200 while clamd answers.
 */
export function createScannerServer({
  secrets,
  clamd,
  scanMs,
  maxScans,
  maxScansOfGroup,
  maxBytes,
  log,
}: ScannerSettings): Server {
  /** The groups of the scans that run. */
  const running: string[] = [];
  const scan = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isCaller(request, secrets)) return reply(response, 401, { error: 'the secret is wrong' });
    const group = String(request.headers['scan-group'] ?? '');
    if (running.length >= maxScans || running.filter((each) => each === group).length >= maxScansOfGroup)
      return reply(response, 503, { error: 'too many scans run' });
    running.push(group);
    try {
      reply(response, 200, { verdict: await scanWithClamd(clamd, request, { timeoutMs: scanMs, maxBytes }) });
    } catch (error) {
      log(reasonOf(error));
      reply(response, 502, { error: 'clamd gave no verdict' });
    } finally {
      running.splice(running.indexOf(group), 1);
    }
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST' && request.url === '/scan') return scan(request, response);
    if (request.method !== 'GET' || request.url !== '/ready')
      return reply(response, 404, { error: 'there is nothing here' });
    const isReady = await pingClamd(clamd, PING_MS);
    return reply(response, isReady ? 200 : 503, { ready: isReady });
  };
  return createServer((request, response) => void answer(request, response));
}
