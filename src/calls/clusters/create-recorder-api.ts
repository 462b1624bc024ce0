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

type FileOutput = { filepath: string };
/** How requests named their file before they could name several. */
type OldOutput = { case?: string; value: FileOutput };

const NANOSECONDS_IN_MS = 1_000_000n;
const toMs = (nanoseconds: bigint): number => Number(nanoseconds / NANOSECONDS_IN_MS);
const toMoment = (nanoseconds: bigint): number | null => (nanoseconds > 0n ? toMs(nanoseconds) : null);

/** Keys of the objects that a recording was asked to write. */
function requestedKeys({ request }: EgressInfo): string[] {
  if (request.case === 'track')
    return request.value.output.case === 'file' ? [request.value.output.value.filepath] : [];
  if (request.case !== 'roomComposite' && request.case !== 'participant') return [];
  const { fileOutputs, output } = request.value as { fileOutputs: FileOutput[]; output?: OldOutput };
  return [...fileOutputs, ...(output?.case === 'file' ? [output.value] : [])].map(({ filepath }) => filepath);
}

function toClusterRecording(info: EgressInfo): ClusterRecording {
  const { egressId, roomName, status, fileResults } = info;
  const [file] = fileResults;
  return {
    egressId: toStorableText(egressId),
    room: toStorableText(roomName),
    status: CLUSTER_RECORDING_STATUSES[status] ?? 'failed',
    keys: [...requestedKeys(info), ...fileResults.map(({ filename }) => filename)].map(toStorableText),
    file: file ? { sizeBytes: Number(file.size), durationMs: toMs(file.duration) } : null,
    startedAtMs: toMoment(info.startedAt),
    endedAtMs: toMoment(info.endedAt),
  };
}

const FILE_TYPES = { composite: 'MP4', audio: 'OGG', participant: 'MP4' } as const;

/** The method and the request of LiveKit's API. */
function toStartRequest({ room, kind, subject, key, bucket }: RecordingRequest) {
  const output = {
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
  };
  // A track is stored as it was sent, so that its codec decides about the type of the file.
  if (kind === 'track')
    return { method: 'StartTrackEgress', body: { room_name: room, track_id: subject, file: output } };
  const body = { room_name: room, file_outputs: [{ ...output, file_type: FILE_TYPES[kind] }] };
  return kind === 'participant'
    ? { method: 'StartParticipantEgress', body: { ...body, identity: subject } }
    : { method: 'StartRoomCompositeEgress', body: { ...body, audio_only: kind === 'audio' } };
}

const ignoreRefusal = (error: unknown): undefined => {
  if (error instanceof AppError && error.code === clusterErrors.refused.definition.code) return;
  throw error;
};

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
    async start(recording) {
      const { method, body } = toStartRequest(recording);
      return parse(await send(method, body, false));
    },
    async stop(egressId) {
      // One that has ended cannot be stopped: the cluster refuses that.
      return parse(await send('StopEgress', { egress_id: egressId }, true).catch(ignoreRefusal));
    },
    async list(room) {
      const { EgressInfo: message } = await loadSdk();
      const filter = room === null ? { active: true } : { room_name: room };
      const answer = (await send('ListEgress', filter, true)) as { items?: unknown } | undefined;
      return parseAnswer('list of recordings', () =>
        ((answer?.items ?? []) as never[]).map((item) =>
          toClusterRecording(message.fromJson(item, { ignoreUnknownFields: true })),
        ),
      );
    },
  };
}
