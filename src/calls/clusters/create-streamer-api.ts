import type { EgressInfo } from 'livekit-server-sdk';
import type { MediaApiOptions } from './create-media-api.ts';
import { createEgressClient, statusOf, toMoment, toMs, toS3 } from './create-egress-client.ts';
import { toStorableText } from './livekit-objects.rules.ts';
import type { ClusterStream, ClusterTarget, StreamerApi, StreamRequest } from './streams.ports.ts';

const TARGET_STATUSES = ['active', 'finished', 'failed'] as const;
/** Longer than an address may be. */
const MAX_URL_LENGTH = 4_096;

const toClusterTarget = ({
  url,
  status,
  startedAt,
  endedAt,
}: EgressInfo['streamResults'][number]): ClusterTarget => ({
  url: url.slice(0, MAX_URL_LENGTH),
  status: TARGET_STATUSES[status] ?? 'failed',
  startedAtMs: toMoment(startedAt),
  endedAtMs: toMoment(endedAt),
});

function toClusterStream(info: EgressInfo): ClusterStream {
  const { egressId, roomName, request, streamResults, segmentResults } = info;
  const [segments] = segmentResults;
  return {
    egressId: toStorableText(egressId),
    room: toStorableText(roomName),
    status: statusOf(info),
    layout: request.case === 'roomComposite' ? toStorableText(request.value.layout) : '',
    targets: streamResults.map(toClusterTarget),
    segments: segments
      ? {
          count: Number(segments.segmentCount),
          sizeBytes: Number(segments.size),
          durationMs: toMs(segments.duration),
        }
      : null,
    startedAtMs: toMoment(info.startedAt),
    endedAtMs: toMoment(info.endedAt),
  };
}

/** LiveKit's templates decide by what the layout begins and ends with, so that a label fits between. */
const toLayout = ({ layout, label }: StreamRequest) => `${layout}-${label}-dark`;

function toStartRequest(stream: StreamRequest) {
  const { room, urls, segments } = stream;
  return {
    room_name: room,
    layout: toLayout(stream),
    // `protocol` stays unset: LiveKit then takes RTMP and SRT side by side, by the scheme of each address.
    stream_outputs: urls.length > 0 ? [{ urls }] : [],
    segment_outputs: segments
      ? [
          {
            filename_prefix: `${segments.folder}segment`,
            playlist_name: `${segments.folder}index.m3u8`,
            live_playlist_name: `${segments.folder}live.m3u8`,
            segment_duration: segments.segmentSeconds,
            disable_manifest: true,
            s3: toS3(segments.bucket),
          },
        ]
      : [],
  };
}

/** Creates the client for a cluster's live streams; see `StreamerApi`. */
export function createStreamerApi(options: MediaApiOptions): StreamerApi {
  const client = createEgressClient(options, toClusterStream);
  return {
    start: (stream) => client.request('StartRoomCompositeEgress', toStartRequest(stream)),
    changeTargets: (egressId, { add, remove }) =>
      client.request('UpdateStream', {
        egress_id: egressId,
        add_output_urls: add,
        remove_output_urls: remove,
      }),
    stop: client.stop,
    list: client.list,
  };
}
