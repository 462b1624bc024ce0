/** The process that writes live captions: one HTTP server, to which the product says which calls are to have them. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { dispose } from '@livekit/rtc-node';
import { CaptionedCall } from './call.ts';
import type { CallPlan } from './call-plan.ts';

const {
  CAPTIONS_SECRET,
  CAPTIONS_HOST = '127.0.0.1',
  CAPTIONS_PORT = '8801',
  CAPTIONS_CALLS = '8',
  SPEECH_SECRET = '',
} = process.env;
const SPEECH_URLS = (process.env.SPEECH_URL ?? '').split(',').filter(Boolean);
if (!/^[1-9]\d*$/.test(CAPTIONS_CALLS)) {
  console.error('CAPTIONS_CALLS must be a whole number of at least 1');
  process.exit(1);
}
if (!CAPTIONS_SECRET || CAPTIONS_SECRET.length < 32 || SPEECH_URLS.length === 0) {
  console.error('CAPTIONS_SECRET (at least 32 characters), SPEECH_URL and SPEECH_SECRET are needed');
  process.exit(1);
}
const MAX_CALLS = Number(CAPTIONS_CALLS);
/** Most of a plan are terms of glossaries. */
const MAX_BODY_BYTES = 1024 * 1024;
const digest = (text: string) => createHash('sha256').update(text).digest();
const known = digest(`Bearer ${CAPTIONS_SECRET}`);
const providers = SPEECH_URLS.map((url) => ({ url, secret: SPEECH_SECRET }));

const calls = new Map<string, CaptionedCall>();

async function readBody(request: IncomingMessage): Promise<CallPlan | null> {
  let size = 0;
  const parts: Buffer[] = [];
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) return null;
    parts.push(part as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString()) as CallPlan;
  } catch {
    return null;
  }
}

function end(captionId: string): void {
  const call = calls.get(captionId);
  calls.delete(captionId);
  call?.leave().catch((error: unknown) => console.error(`leaving failed: ${String(error)}`));
}

async function begin(plan: CallPlan): Promise<number> {
  const { captionId } = plan;
  const running = calls.get(captionId);
  if (running) {
    running.renew(plan);
    return 200;
  }
  if (calls.size >= MAX_CALLS) return 503;
  const run = randomBytes(4).toString('hex');
  const call: CaptionedCall = new CaptionedCall(plan, providers, run, () => {
    if (calls.get(captionId) === call) end(captionId);
  });
  calls.set(captionId, call);
  try {
    await call.join();
    return 201;
  } catch (error) {
    console.error(`the call could not be joined: ${String(error)}`);
    end(captionId);
    return 502;
  }
}

async function answer(request: IncomingMessage): Promise<number> {
  if (request.url === '/health') return 200;
  if (!timingSafeEqual(digest(request.headers.authorization ?? ''), known)) return 401;
  const [, captionId] = /^\/v1\/calls\/(\w{1,64})$/.exec(request.url ?? '') ?? [];
  if (captionId === undefined) return 404;
  if (request.method === 'DELETE') {
    end(captionId);
    return 204;
  }
  if (request.method !== 'PUT') return 405;
  const plan = await readBody(request);
  return plan?.captionId === captionId ? begin(plan) : 400;
}

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: unknown) => {
      console.error(String(error));
      return 500;
    })
    .then((status) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify({ status: status < 300 ? 'ok' : 'refused' }));
    });
});
server.listen(Number(CAPTIONS_PORT), CAPTIONS_HOST, () => console.log(`captions listen on ${CAPTIONS_PORT}`));

async function stop(): Promise<void> {
  server.close();
  await Promise.all([...calls.values()].map((call) => call.leave()));
  await dispose();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
