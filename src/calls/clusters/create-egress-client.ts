import type { EgressInfo } from 'livekit-server-sdk';
import { isError } from '../../kernel/core/index.ts';
import { createTracedFetch } from '../../platform/observability/index.ts';
import { clusterErrors } from './clusters.errors.ts';
import { CLUSTER_RECORDING_STATUSES, type ClusterRecording } from './clusters.ports.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { createTwirpClient, parseAnswer, loadSdk } from './create-twirp-client.ts';

const NANOSECONDS_IN_MS = 1_000_000n;
export const toMs = (nanoseconds: bigint): number => Number(nanoseconds / NANOSECONDS_IN_MS);
export const toMoment = (nanoseconds: bigint): number | null => (nanoseconds > 0n ? toMs(nanoseconds) : null);

const EGRESS = { service: 'Egress', grant: { roomRecord: true } } as const;

/** The status of an egress. One that has ended is once more reported as ending: then only its other fields say so. */
export function statusOf({ status, endedAt, error }: EgressInfo): ClusterRecording['status'] {
  const reported = CLUSTER_RECORDING_STATUSES[status] ?? 'failed';
  if (reported !== 'ending' || endedAt === 0n) return reported;
  return error === '' ? 'complete' : 'failed';
}

/** A bucket as requests to LiveKit's egress name it. */
export const toS3 = (bucket: {
  endpoint: string;
  region: string;
  bucket: string;
  pathStyle: boolean;
  accessKeyId: string;
  secretAccessKey: string;
}) => ({
  endpoint: bucket.endpoint,
  region: bucket.region,
  bucket: bucket.bucket,
  force_path_style: bucket.pathStyle,
  access_key: bucket.accessKeyId,
  secret: bucket.secretAccessKey,
});

const ignoreRefusal = (error: unknown): undefined => {
  if (isError(error, clusterErrors.refused)) return;
  throw error;
};

/** Creates the client of a cluster's egress service; `translate` takes what the caller needs from an answer. */
export function createEgressClient<T>(
  { cluster, breaker, trace, fetcher }: MediaApiOptions,
  translate: (info: EgressInfo) => T,
) {
  const sendRequest = createTwirpClient(
    cluster,
    breaker,
    trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher,
  );
  const send = (method: string, body: unknown, retryable: boolean, mayHaveVanished = false) =>
    sendRequest({ ...EGRESS, method, body, retryable, mayHaveVanished });
  const parse = async (answer: unknown): Promise<T | null> => {
    if (answer === undefined) return null;
    const { EgressInfo: message } = await loadSdk();
    return parseAnswer('egress', () =>
      translate(message.fromJson(answer as never, { ignoreUnknownFields: true })),
    );
  };
  return {
    /** Sends a request that is not repeated. */
    request: async (method: string, body: unknown): Promise<T | null> =>
      parse(await send(method, body, false)),
    // One that has ended cannot be stopped: the cluster refuses that. One whose worker is gone answers nothing.
    stop: async (egressId: string): Promise<T | null> =>
      parse(await send('StopEgress', { egress_id: egressId }, true, true).catch(ignoreRefusal)),
    async list(room: string | null): Promise<T[]> {
      const { EgressInfo: message } = await loadSdk();
      const filter = room === null ? { active: true } : { room_name: room };
      const answer = (await send('ListEgress', filter, true)) as { items?: unknown } | undefined;
      return parseAnswer('list of egresses', () =>
        ((answer?.items ?? []) as never[]).map((item) =>
          translate(message.fromJson(item, { ignoreUnknownFields: true })),
        ),
      );
    },
  };
}
