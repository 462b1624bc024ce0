import type { IngressInfo } from 'livekit-server-sdk';
import { createTracedFetch } from '../../platform/observability/index.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { toMoment } from './create-egress-client.ts';
import { createTwirpClient, parseAnswer, loadSdk } from './create-twirp-client.ts';
import {
  CLUSTER_INGRESS_STATUSES,
  type ClusterIngress,
  type IngressApi,
  type IngressRequest,
} from './ingresses.ports.ts';
import { toStorableText } from './livekit-objects.rules.ts';

const INPUT_TYPES = { rtmp: 'RTMP_INPUT', whip: 'WHIP_INPUT', url: 'URL_INPUT' } as const;

/** The name by which a cluster stores an ingress; several installations may have theirs at one cluster. */
const labelOf = ({ organizationId, identity }: IngressRequest) => `${organizationId}/${identity}`;
const organizationIn = (label: string) => /^(org_[a-z0-9]+)\//.exec(label)?.[1] ?? '';

const toClusterIngress = (info: IngressInfo): ClusterIngress => ({
  ingressId: toStorableText(info.ingressId),
  organizationId: organizationIn(info.name),
  room: toStorableText(info.roomName),
  identity: toStorableText(info.participantIdentity),
  name: toStorableText(info.participantName),
  // LiveKit means by its absence that it is enabled.
  enabled: info.enabled ?? true,
  status: CLUSTER_INGRESS_STATUSES[info.state?.status ?? 0] ?? 'error',
  startedAtMs: toMoment(info.state?.startedAt ?? 0n),
  endedAtMs: toMoment(info.state?.endedAt ?? 0n),
});

function toCreateRequest(ingress: IngressRequest) {
  const { kind, identity, name, room } = ingress;
  return {
    input_type: INPUT_TYPES[kind],
    name: labelOf(ingress),
    participant_identity: identity,
    participant_name: name,
    room_name: room ?? '',
    // Also by WHIP: otherwise a sender would decide what codecs and layers everybody in the call has to take.
    enable_transcoding: true,
    ...(ingress.kind === 'url' ? { url: ingress.url } : { enabled: room !== null }),
  };
}

/** The requests, and how their answers are read. */
function createClient({ cluster, breaker, trace, fetcher }: MediaApiOptions) {
  const sendRequest = createTwirpClient(
    cluster,
    breaker,
    trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher,
  );
  const send = (method: string, body: unknown, retryable: boolean) =>
    sendRequest({ service: 'Ingress', method, grant: { ingressAdmin: true }, body, retryable });
  return {
    send,
    async request(method: string, body: unknown, retryable: boolean): Promise<ClusterIngress | null> {
      const answer = await send(method, body, retryable);
      if (answer === undefined) return null;
      const { IngressInfo: message } = await loadSdk();
      return parseAnswer('ingress', () =>
        toClusterIngress(message.fromJson(answer as never, { ignoreUnknownFields: true })),
      );
    },
    async list(filter: object): Promise<IngressInfo[]> {
      const { IngressInfo: message } = await loadSdk();
      const answer = (await send('ListIngress', filter, true)) as { items?: unknown } | undefined;
      return parseAnswer('list of ingresses', () =>
        ((answer?.items ?? []) as never[]).map((item) =>
          message.fromJson(item, { ignoreUnknownFields: true }),
        ),
      );
    },
  };
}

/** Creates the client for a cluster's ingresses; see `IngressApi`. */
export function createIngressApi(options: MediaApiOptions): IngressApi {
  const { send, request, list } = createClient(options);
  const find = async (ingressId: string) => (await list({ ingress_id: ingressId }))[0];
  return {
    create: (ingress) => request('CreateIngress', toCreateRequest(ingress), false),
    update: (ingressId, { room, name }) =>
      request(
        'UpdateIngress',
        { ingress_id: ingressId, participant_name: name, room_name: room ?? '', enabled: room !== null },
        true,
      ),
    remove: async (ingressId) => (await send('DeleteIngress', { ingress_id: ingressId }, true)) !== undefined,
    async get(ingressId) {
      const found = await find(ingressId);
      return found ? toClusterIngress(found) : null;
    },
    list: async () => (await list({})).map(toClusterIngress),
    async readAddress(ingressId) {
      const found = await find(ingressId);
      return found ? { url: found.url, streamKey: found.streamKey } : null;
    },
  };
}
