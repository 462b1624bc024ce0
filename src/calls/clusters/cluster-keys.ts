import { decodeJwt } from 'jose';
import type { TrackSource as SdkTrackSource, VideoGrant, WebhookEvent } from 'livekit-server-sdk';
import type { TrackSource } from './clusters.enums.ts';
import { clusterErrors } from './clusters.errors.ts';
import type { JoinTokenRequest, MediaGrants } from './clusters.ports.ts';
import type { Cluster } from './clusters.rules.ts';
import { loadSdk } from './create-twirp-client.ts';

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export function trackSourceNumber({ TrackSource: numbers }: Sdk, source: TrackSource): SdkTrackSource {
  return {
    camera: numbers.CAMERA,
    microphone: numbers.MICROPHONE,
    screen_share: numbers.SCREEN_SHARE,
    screen_share_audio: numbers.SCREEN_SHARE_AUDIO,
    unknown: numbers.UNKNOWN,
  }[source];
}

function createVideoGrant(sdk: Sdk, room: string, grants: MediaGrants): VideoGrant {
  return {
    room,
    roomJoin: true,
    canPublish: grants.publish,
    canSubscribe: grants.subscribe,
    canPublishData: grants.data,
    canUpdateOwnMetadata: false,
    hidden: grants.hidden,
    agent: grants.agent,
    ...(grants.publish && grants.sources
      ? { canPublishSources: grants.sources.map((source) => trackSourceNumber(sdk, source)) }
      : {}),
  };
}

/** Signs the token with which one identity connects to one call. Needs no request to the cluster. */
export async function signJoinToken({ apiKey, apiSecret }: Cluster, join: JoinTokenRequest): Promise<string> {
  const sdk = await loadSdk();
  const { room, identity, name, attributes, grants, configuration, ttlSeconds: ttl } = join;
  const token = new sdk.AccessToken(apiKey, apiSecret, { identity, name, attributes, ttl });
  token.addGrant(createVideoGrant(sdk, room, grants));
  token.roomConfig = new sdk.RoomConfiguration({
    name: room,
    emptyTimeout: configuration.emptyTimeoutSeconds,
    departureTimeout: configuration.departureTimeoutSeconds,
    metadata: configuration.metadata,
  });
  return token.toJwt();
}

/** The cluster repeats an event with its first signature, so it must remain valid a little longer. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** Finds the cluster that signed exactly this body. @throws AppError `clusters.bad_signature` */
export async function verifyWebhook(
  clusters: readonly Cluster[],
  body: string,
  authorization: string,
): Promise<{ cluster: string; event: WebhookEvent }> {
  const token = authorization.replace(/^Bearer /i, '');
  const { WebhookReceiver } = await loadSdk();
  try {
    const { iss } = decodeJwt(token);
    const cluster = clusters.find(({ apiKey }) => apiKey === iss);
    if (!cluster) throw new Error('no cluster has the API key of the token');
    const receiver = new WebhookReceiver(cluster.apiKey, cluster.apiSecret);
    const event = await receiver.receive(body, token, false, CLOCK_TOLERANCE_SECONDS);
    return { cluster: cluster.name, event };
  } catch (cause) {
    throw clusterErrors.badSignature({ cause });
  }
}
