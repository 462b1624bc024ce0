import type { Config } from '../src/kernel/config/index.ts';
import { instanceOf } from '../src/media/compression-containers/index.ts';
import type { Connection } from './compression-client.ts';

/** The instances of the service in containers, by their number. */
export interface ContainerInstances {
  fetch(instance: number, request: Request): Promise<Response>;
  /** Whether an instance is healthy; it is not started by the question. */
  isHealthy(instance: number): Promise<boolean>;
}

export type CompressionConfig = Pick<
  Config,
  'COMPRESSION_URL' | 'COMPRESSION_SECRET' | 'COMPRESSION_INSTANCES'
>;

/** The host that requests to an instance name; it is never looked up. */
const INSTANCE_URL = 'http://instance';

/** How the service is reached; undefined when none is configured. */
export function findConnection(
  { COMPRESSION_URL: url, COMPRESSION_SECRET: secret, COMPRESSION_INSTANCES: count }: CompressionConfig,
  instances: ContainerInstances,
): Connection | undefined {
  if (!secret) return undefined;
  if (count > 0)
    return {
      url: INSTANCE_URL,
      secret,
      fetchFor: (key) => (input, init) => instances.fetch(instanceOf(key, count), new Request(input, init)),
    };
  return url ? { url: url.replace(/\/$/, ''), secret, fetchFor: () => fetch } : undefined;
}

/** Where the health of the service is asked for; with containers, it is that of all of them. */
export function findHealth(
  { COMPRESSION_URL: url, COMPRESSION_INSTANCES: count }: CompressionConfig,
  instances: ContainerInstances,
): { url: string | undefined; fetch?: typeof fetch } {
  if (count === 0) return { url };
  const askAll = async (): Promise<Response> => {
    const all = await Promise.all(Array.from({ length: count }, (_, at) => instances.isHealthy(at)));
    return all.every(Boolean) ? Response.json({ status: 'ok' }) : new Response(null, { status: 503 });
  };
  return { url: INSTANCE_URL, fetch: askAll };
}
