import type { EgressInfo } from 'livekit-server-sdk';
import { AppError } from '../../kernel/core/index.ts';
import { createTracedFetch } from '../../platform/observability/index.ts';
import { clusterErrors } from './clusters.errors.ts';
import {
  CLUSTER_RECORDING_STATUSES,
  type ClusterRecording,
  type RecorderApi,
  type RecordingRequest,
} from './clusters.ports.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { createTwirpClient, parseAnswer } from './create-twirp-client.ts';
import { toStorableText } from './livekit-objects.rules.ts';
import { loadSdk } from './load-sdk.ts';

const NANOSECONDS_IN_MS = 1_000_000n;
const toMs = (nanoseconds: bigint): number => Number(nanoseconds / NANOSECONDS_IN_MS);
const toMoment = (nanoseconds: bigint): number | null => (nanoseconds > 0n ? toMs(nanoseconds) : null);

function toClusterRecording(info: EgressInfo): ClusterRecording {
  const { egressId, roomName, status, fileResults, request } = info;
  const asked = request.case === 'roomComposite' ? request.value.fileOutputs : [];
  const [file] = fileResults;
  return {
    egressId: toStorableText(egressId),
    room: toStorableText(roomName),
    status: CLUSTER_RECORDING_STATUSES[status] ?? 'failed',
    keys: [...asked.map(({ filepath }) => filepath), ...fileResults.map(({ filename }) => filename)],
    file: file ? { sizeBytes: Number(file.size), durationMs: toMs(file.duration) } : null,
    startedAtMs: toMoment(info.startedAt),
    endedAtMs: toMoment(info.endedAt),
  };
}

/** The request of LiveKit's API. */
function toStartRequest({ room, kind, key, bucket }: RecordingRequest) {
  return {
    room_name: room,
    audio_only: kind === 'audio',
    file_outputs: [
      {
        file_type: kind === 'audio' ? 'OGG' : 'MP4',
        filepath: key,
        disable_manifest: true,
        s3: {
          endpoint: bucket.endpoint,
          region: bucket.region,
          bucket: bucket.bucket,
          force_path_style: bucket.pathStyle,
          access_key: bucket.accessKeyId,
          secret: bucket.secretAccessKey,
        },
      },
    ],
  };
}

/** Creates the client of a cluster's egress service; see `RecorderApi`. */
export function createRecorderApi({ cluster, breaker, trace, fetcher }: MediaApiOptions): RecorderApi {
  const sendRequest = createTwirpClient(
    cluster,
    breaker,
    trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher,
  );
  const send = (method: string, body: unknown, retryable: boolean) =>
    sendRequest({ service: 'Egress', method, grant: { roomRecord: true }, body, retryable });
  const parse = async (answer: unknown): Promise<ClusterRecording | null> => {
    if (answer === undefined) return null;
    const { EgressInfo: message } = await loadSdk();
    return parseAnswer('recording', () =>
      toClusterRecording(message.fromJson(answer as never, { ignoreUnknownFields: true })),
    );
  };
  return {
    start: async (recording) =>
      parse(await send('StartRoomCompositeEgress', toStartRequest(recording), false)),
    async stop(egressId) {
      try {
        return await parse(await send('StopEgress', { egress_id: egressId }, true));
      } catch (error) {
        // One that has ended cannot be stopped: the cluster refuses that.
        if (error instanceof AppError && error.code === clusterErrors.refused.definition.code) return null;
        throw error;
      }
    },
    async list(room) {
      const { EgressInfo: message } = await loadSdk();
      const answer = (await send('ListEgress', { room_name: room }, true)) as { items?: unknown } | undefined;
      return parseAnswer('list of recordings', () =>
        ((answer?.items ?? []) as never[]).map((item) =>
          toClusterRecording(message.fromJson(item, { ignoreUnknownFields: true })),
        ),
      );
    },
  };
}
