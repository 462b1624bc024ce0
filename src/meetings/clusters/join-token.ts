import type { TrackSource, VideoGrant } from 'livekit-server-sdk';
import type { JoinToken, MediaGrants, TrackSourceName } from './clusters.ports.ts';
import type { Cluster } from './clusters.rules.ts';
import { loadSdk } from './sdk.ts';

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

export function sourceNumber({ TrackSource: numbers }: Sdk, source: TrackSourceName): TrackSource {
  return {
    camera: numbers.CAMERA,
    microphone: numbers.MICROPHONE,
    screen_share: numbers.SCREEN_SHARE,
    screen_share_audio: numbers.SCREEN_SHARE_AUDIO,
    unknown: numbers.UNKNOWN,
  }[source];
}

function videoGrant(sdk: Sdk, room: string, grants: MediaGrants): VideoGrant {
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
      ? { canPublishSources: grants.sources.map((source) => sourceNumber(sdk, source)) }
      : {}),
  };
}

/** The token with which one identity connects to one call, made without asking the cluster. */
export async function signJoinToken({ apiKey, apiSecret }: Cluster, join: JoinToken): Promise<string> {
  const sdk = await loadSdk();
  const { room, identity, name, attributes, grants, configuration, lifeSeconds: ttl } = join;
  const token = new sdk.AccessToken(apiKey, apiSecret, { identity, name, attributes, ttl });
  token.addGrant(videoGrant(sdk, room, grants));
  token.roomConfig = new sdk.RoomConfiguration({
    name: room,
    emptyTimeout: configuration.emptyTimeoutSeconds,
    departureTimeout: configuration.departureTimeoutSeconds,
    metadata: configuration.metadata,
  });
  return token.toJwt();
}
