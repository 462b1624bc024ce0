/**
 * `npm run check:stripe` holds the stand-in to Stripe's own description of its API: each call of a tour through the stand-in
 * is repeated to `stripe-mock` (built with Go at the first time, in half a minute), which refuses parameters that Stripe does
 * not have; and each field of its answers must be in the stand-in's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import { startChild } from '../../../workers/local/child-process.ts';
import { CommandError, runCommand } from '../../../workers/local/command-error.ts';
import { liveKitFolder } from '../../../workers/local/livekit.ts';
import { buildGoProgram, findGo } from '../../../workers/ops/go-program.ts';
import { serveStripe } from '../../../workers/local/stripe/serve-stripe.ts';
import { clientOf } from './support.ts';
import { tour } from './tour.ts';

const VERSION = 'v0.197.0';
const MOCK_PORT = 12_411;
/** The version that stripe-mock describes; it is older than the SDK's. */
const MOCK_VERSION = '2025-09-30.clover';
/** It reads Stripe's whole description first; in CI it gets only the time that everything else leaves. */
const READY_WITHIN_MS = 300_000;

interface RecordedCall {
  method: string;
  path: string;
  body: string;
  answer: Record<string, unknown>;
}

/** Builds stripe-mock with Go into the folder of this machine's programs, once. */
async function ensureMock(): Promise<string> {
  const file = join(liveKitFolder(), `stripe-mock-${VERSION}`);
  if (existsSync(file)) return file;
  const go = findGo();
  if (go === undefined) throw new CommandError('Go is needed to build stripe-mock: https://go.dev/dl');
  const program = {
    name: 'stripe-mock',
    takes: 'half a minute',
    file,
    args: ['install', `github.com/stripe/stripe-mock@${VERSION}`],
    built: 'stripe-mock',
  };
  return buildGoProgram(program, { go, onLine: console.log }).done;
}

const askMock = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${MOCK_PORT}${path}`, {
    ...init,
    headers: {
      authorization: 'Bearer sk_test_123',
      'content-type': 'application/x-www-form-urlencoded',
      'stripe-version': MOCK_VERSION,
    },
  });

async function startMock() {
  const program = await ensureMock();
  const args = ['-http-addr', `127.0.0.1:${MOCK_PORT}`, '-https-addr', `127.0.0.1:${MOCK_PORT + 1}`];
  const child = startChild({
    name: 'stripe-mock',
    command: program,
    args,
    cwd: process.cwd(),
    env: process.env,
    onLine: () => undefined,
  });
  let ended: string | undefined;
  void child.exited.then((reason) => (ended = reason));
  const end = Date.now() + READY_WITHIN_MS;
  while (
    !(await askMock('/v1/customers').then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (ended !== undefined) throw new CommandError(`stripe-mock ended: ${ended}`);
    if (Date.now() > end) throw new CommandError('stripe-mock does not answer');
    await sleep(100);
  }
  return child;
}

/** Takes the tour with the SDK and keeps each successful call of the first version of the API. */
async function recordTour(): Promise<RecordedCall[]> {
  const calls: RecordedCall[] = [];
  const recordingFetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const response = await fetch(url, init);
    if (response.ok && url.pathname.startsWith('/v1/')) {
      const answer: RecordedCall['answer'] = await response.clone().json();
      const body = typeof init?.body === 'string' ? init.body : '';
      calls.push({ method: init?.method ?? 'GET', path: `${url.pathname}${url.search}`, body, answer });
    }
    return response;
  };
  const server = await serveStripe({ port: 0, secretKey: 'sk_test_local' });
  try {
    await tour(clientOf(server, { httpClient: Stripe.createFetchHttpClient(recordingFetch) }));
  } finally {
    await server.close();
  }
  return calls;
}

/**
 * A body as the version of stripe-mock has it. The one parameter that has another form in the SDK's version is held to the types of
 * the SDK by the compiler.
 */
const toMockVersion = (body: string) =>
  body.replace(/billing_cycle_anchor(\[type\]|%5Btype%5D)=/, 'billing_cycle_anchor=');

/** The first object of a list, or the object. */
const sampleOf = (answer: Record<string, unknown>) =>
  answer.object === 'list' && Array.isArray(answer.data)
    ? (answer.data[0] as Record<string, unknown> | undefined)
    : answer;

async function findDifference({ method, path, body, answer }: RecordedCall): Promise<string | undefined> {
  const response = await askMock(path, {
    method,
    ...(method === 'GET' ? {} : { body: toMockVersion(body) }),
  });
  const expected: Record<string, unknown> & { error?: { message: string } } = await response.json();
  const call = `${method} ${path} ${decodeURIComponent(body)}`;
  if (!response.ok) return `${call}: ${expected.error?.message}`;
  const [ours, theirs] = [sampleOf(answer), sampleOf(expected)];
  if (!ours || !theirs) return undefined;
  const missing = Object.keys(theirs).filter((name) => !(name in ours));
  return missing.length > 0 ? `${call}: ${String(theirs.object)} lacks ${missing.join(', ')}` : undefined;
}

await runCommand('check:stripe', async () => {
  const mock = await startMock();
  try {
    const calls = await recordTour();
    const differences = new Set<string>();
    for (const call of calls) {
      const difference = await findDifference(call);
      if (difference !== undefined) differences.add(difference);
    }
    for (const difference of differences) console.error(difference);
    if (differences.size > 0) throw new CommandError(`${differences.size} of ${calls.length} calls differ`);
    console.log(`${calls.length} calls have parameters and fields that Stripe knows`);
  } finally {
    await mock.stop();
  }
});
