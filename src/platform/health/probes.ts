import { systemScope } from '../../kernel/context/index.ts';
import type { Fetch } from '../observability/index.ts';
import type { ProbeResult, Probe } from './health.ports.ts';
import { pingDatabase } from './health.queries.ts';
import { ProbeFailure } from './health-monitor.ts';

/** A known key that need not exist: that nothing is there is an answer too. */
const OBJECT_KEY = 'health/probe';
/** What a health endpoint is read of at most. */
const MAX_RESPONSE_BYTES = 1_024;

const HEALTHY: ProbeResult = {};

export const databaseProbe: Probe = {
  name: 'database',
  tier: 'required',
  whenLost: 'routes that read or write answer 503 with Retry-After; nothing is accepted that could be lost',
  async check(services) {
    await services.database.read(systemScope, (q) => [pingDatabase(q)]);
    return HEALTHY;
  },
  breaker: (services) => services.database.breaker.state,
};

export const objectStorageProbe: Probe = {
  name: 'object_storage',
  tier: 'optional',
  whenLost: 'exports and files wait and are tried again; everything else goes on',
  async check(services) {
    await services.ports.objects.head(OBJECT_KEY);
    return HEALTHY;
  },
};

/** @param metrics asks the queue for its backlog; it proves that the queue answers, not that somebody consumes it */
export function queueProbe(metrics: () => Promise<unknown>): Probe {
  return {
    name: 'queue',
    tier: 'optional',
    whenLost: 'effects wait in the outbox, committed with their state, and go out when it is back',
    async check() {
      await metrics();
      return HEALTHY;
    },
  };
}

/** A mail cannot be tried out: what is shown is how the last ones went. */
export const mailProbe: Probe = {
  name: 'mail',
  tier: 'optional',
  whenLost: 'mails wait in the outbox and are tried again',
  async check({ ports }) {
    const { state } = ports.mailer;
    if (state === 'open') throw new ProbeFailure('the last mails failed');
    return state === 'half_open' ? { degraded: 'the last mails failed; the next one tries again' } : HEALTHY;
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
  /** Undefined where it is not set up. */
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
          if (response.status === 406) throw new ProbeFailure('says that it is not ready');
          return response.ok && text.trim() === 'OK'
            ? HEALTHY
            : { degraded: 'answers, but not as LiveKit does' };
        };
  return {
    name: 'livekit',
    tier: 'optional',
    whenLost: 'no new media sessions; running ones go on, and everything else',
    check,
  };
}

/** The compression container says `{"status": "ok"}` at `/health`. */
export function compressionProbe({ url, fetch: call = plainFetch }: RemoteProbeOptions): Probe {
  const check: Probe['check'] =
    url === undefined
      ? undefined
      : async (_services, signal) => {
          const response = await sendProbeRequest(call, `${url.replace(/\/$/, '')}/health`, signal);
          const text = await readBeginning(response);
          const reportedStatus = /"status"\s*:\s*"(\w+)"/.exec(text)?.[1];
          if (response.ok && reportedStatus === 'ok') return HEALTHY;
          return { degraded: 'answers, but does not say that it is well' };
        };
  return {
    name: 'compression',
    tier: 'optional',
    whenLost: 'media stays as it is and is compressed later',
    check,
  };
}

/** Whether the provider can be reached: no key is sent and nothing is spent, so any answer but a failure will do. */
export function aiProviderProbe({ url, fetch: call = plainFetch }: RemoteProbeOptions): Probe {
  const check: Probe['check'] =
    url === undefined
      ? undefined
      : async (_services, signal) => {
          const response = await sendProbeRequest(call, url, signal, 'HEAD');
          await response.body?.cancel();
          return HEALTHY;
        };
  return {
    name: 'ai_provider',
    tier: 'optional',
    whenLost: 'AI routes answer 503 with Retry-After; calls go on without assistance',
    check,
  };
}
