import { systemScope } from '../../kernel/context/index.ts';
import type { Fetch } from '../observability/index.ts';
import type { ProbeResult, Probe } from './health.ports.ts';
import { pingDatabase } from './health.queries.ts';
import { ProbeFailure } from './health-monitor.ts';

/** A key that need not exist: "not found" proves that the store answers. */
const OBJECT_KEY = 'health/probe';
/** Most bytes read of a health endpoint's response. */
const MAX_RESPONSE_BYTES = 1_024;

const HEALTHY: ProbeResult = {};

export const databaseProbe: Probe = {
  name: 'database',
  tier: 'required',
  whenLost:
    'requests that read or write are answered with 503 and Retry-After; no change is accepted and lost',
  async check(services) {
    await services.database.read(systemScope, (q) => [pingDatabase(q)]);
    return HEALTHY;
  },
  breaker: (services) => services.database.breaker.state,
};

export const objectStorageProbe: Probe = {
  name: 'object_storage',
  tier: 'optional',
  whenLost: 'exports and files wait and are retried; everything else works',
  async check(services) {
    await services.ports.objects.head(OBJECT_KEY);
    return HEALTHY;
  },
};

/** @param metrics reads the queue's backlog, which proves that the queue answers, not that messages are consumed */
export function queueProbe(metrics: () => Promise<unknown>): Probe {
  return {
    name: 'queue',
    tier: 'optional',
    whenLost: 'events wait in the outbox, committed with their state, and are delivered when it is back',
    async check() {
      await metrics();
      return HEALTHY;
    },
  };
}

/** Mail cannot be probed without sending one: the probe shows the outcome of the last mails. */
export const mailProbe: Probe = {
  name: 'mail',
  tier: 'optional',
  whenLost: 'mails wait in the outbox and are retried',
  async check({ ports }) {
    const { state } = ports.mailer;
    if (state === 'open') throw new ProbeFailure('the last mails failed');
    return state === 'half_open' ? { degraded: 'the last mails failed; the next one is a trial' } : HEALTHY;
  },
  breaker: ({ ports }) => ports.mailer.state,
};

async function readBeginning(response: Response): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  const part = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(part?.value?.subarray(0, MAX_RESPONSE_BYTES));
}

async function sendProbeRequest(
  call: Fetch,
  url: string,
  signal: AbortSignal,
  method = 'GET',
): Promise<Response> {
  const response = await call(url, { method, signal, redirect: 'manual' });
  if (response.status >= 500) throw new ProbeFailure(`answered ${response.status}`);
  return response;
}

export interface RemoteProbeOptions {
  /** Undefined when the dependency is not configured. */
  url: string | undefined;
  fetch?: Fetch;
}

const plainFetch: Fetch = (url, init) => fetch(url, init);

/** A LiveKit server answers `OK` at its root while its node is alive. */
export function liveKitProbe({ url, fetch: call = plainFetch }: RemoteProbeOptions): Probe {
  const check: Probe['check'] =
    url === undefined
      ? undefined
      : async (_services, signal) => {
          const response = await sendProbeRequest(call, url.replace(/^ws/, 'http'), signal);
          const text = await readBeginning(response);
          if (response.status === 406) throw new ProbeFailure('reports that it is not ready');
          return response.ok && text.trim() === 'OK'
            ? HEALTHY
            : { degraded: 'does not answer as a LiveKit server does' };
        };
  return {
    name: 'livekit',
    tier: 'optional',
    whenLost: 'no new media sessions; running ones and everything else work',
    check,
  };
}

/** The compression container answers `{"status": "ok"}` at `/health`. */
export function compressionProbe({ url, fetch: call = plainFetch }: RemoteProbeOptions): Probe {
  const check: Probe['check'] =
    url === undefined
      ? undefined
      : async (_services, signal) => {
          const response = await sendProbeRequest(call, `${url.replace(/\/$/, '')}/health`, signal);
          const text = await readBeginning(response);
          const reportedStatus = /"status"\s*:\s*"(\w+)"/.exec(text)?.[1];
          if (response.ok && reportedStatus === 'ok') return HEALTHY;
          return { degraded: 'does not report that it is healthy' };
        };
  return {
    name: 'compression',
    tier: 'optional',
    whenLost: 'media stays uncompressed and is compressed later',
    check,
  };
}

/** The speech service names each of its engines at `/health`, which are there by themselves. */
export function speechProbe({ url, fetch: call = plainFetch }: RemoteProbeOptions): Probe {
  const check: Probe['check'] =
    url === undefined
      ? undefined
      : async (_services, signal) => {
          const response = await sendProbeRequest(call, `${url.replace(/\/$/, '')}/health`, signal);
          const text = await readBeginning(response);
          if (response.ok && /"status"\s*:\s*"ok"/.test(text)) return HEALTHY;
          const lost = [...text.matchAll(/"(\w+)"\s*:\s*"(loading|missing|changed|failed)"/g)];
          return {
            degraded:
              lost.map(([, engine, state]) => `${engine} is ${state}`).join(', ') ||
              'does not report that it is healthy',
          };
        };
  return {
    name: 'speech',
    tier: 'optional',
    whenLost:
      'no new transcripts, speech, embeddings and translations of this service; calls and everything else work',
    check,
  };
}

/** Checks that providers can be reached. No key is sent and nothing is spent, so any status below 500 passes. */
export function aiProviderProbe({
  urls,
  breaker,
  fetch: call = plainFetch,
}: Pick<RemoteProbeOptions, 'fetch'> & { urls: readonly string[] } & Pick<Probe, 'breaker'>): Probe {
  const reach = async (url: string, signal: AbortSignal) => {
    const response = await sendProbeRequest(call, url, signal, 'HEAD');
    await response.body?.cancel();
  };
  const check: Probe['check'] =
    urls.length === 0
      ? undefined
      : async (_services, signal) => {
          const outcomes = await Promise.allSettled(urls.map((url) => reach(url, signal)));
          const lost = outcomes.flatMap(({ status }, at) =>
            status === 'rejected' ? [new URL(urls[at]!).hostname] : [],
          );
          if (lost.length === urls.length) throw (outcomes[0] as PromiseRejectedResult).reason;
          return lost.length === 0 ? HEALTHY : { degraded: `${lost.join(', ')} cannot be reached` };
        };
  return {
    name: 'ai_provider',
    tier: 'optional',
    whenLost: 'AI requests are answered with 503 and Retry-After; calls work without assistance',
    check,
    ...(breaker ? { breaker } : {}),
  };
}
