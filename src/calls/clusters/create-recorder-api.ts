import type { EgressInfo } from 'livekit-server-sdk';
import { type ClusterRecording, type RecorderApi, type RecordingRequest } from './clusters.ports.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { createEgressClient, statusOf, toMoment, toMs, toS3 } from './create-egress-client.ts';
import { toStorableText } from './livekit-objects.rules.ts';

type FileOutput = { filepath: string };
/** How requests named their file before they could name several. */
type OldOutput = { case?: string; value: FileOutput };

/** Keys of the objects that a recording was asked to write. */
function requestedKeys({ request }: EgressInfo): string[] {
  if (request.case === 'track')
    return request.value.output.case === 'file' ? [request.value.output.value.filepath] : [];
  if (request.case !== 'roomComposite' && request.case !== 'participant') return [];
  const { fileOutputs, output } = request.value as { fileOutputs: FileOutput[]; output?: OldOutput };
  return [...fileOutputs, ...(output?.case === 'file' ? [output.value] : [])].map(({ filepath }) => filepath);
}

function toClusterRecording(info: EgressInfo): ClusterRecording {
  const { egressId, roomName, fileResults } = info;
  const [file] = fileResults;
  return {
    egressId: toStorableText(egressId),
    room: toStorableText(roomName),
    status: statusOf(info),
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
    s3: toS3(bucket),
  };
  // A track is stored as it was sent, so that its codec decides about the type of the file.
  if (kind === 'track')
    return { method: 'StartTrackEgress', body: { room_name: room, track_id: subject, file: output } };
  const body = { room_name: room, file_outputs: [{ ...output, file_type: FILE_TYPES[kind] }] };
  return kind === 'participant'
    ? { method: 'StartParticipantEgress', body: { ...body, identity: subject } }
    : { method: 'StartRoomCompositeEgress', body: { ...body, audio_only: kind === 'audio' } };
}

/** Creates the client of a cluster's egress service; see `RecorderApi`. */
export function createRecorderApi(options: MediaApiOptions): RecorderApi {
  const client = createEgressClient(options, toClusterRecording);
  return {
    start(recording) {
      const { method, body } = toStartRequest(recording);
      return client.request(method, body);
    },
    stop: client.stop,
    list: client.list,
  };
}
