import type { VideoGrant } from 'livekit-server-sdk';
import { type Breaker, type Clock, type Trace } from '../../kernel/core/index.ts';
import { type Fetch, createTracedFetch } from '../../platform/observability/index.ts';
import type { MediaApi, MediaGrants } from './clusters.ports.ts';
import type { Cluster } from './clusters.rules.ts';
import { trackSourceNumber } from './cluster-keys.ts';
import { toClusterParticipant, toClusterRoom } from './livekit-objects.rules.ts';
import { createTwirpClient, parseAnswer, loadSdk } from './create-twirp-client.ts';

const UNKNOWN_FIELDS = { ignoreUnknownFields: true };
type Json = Parameters<Awaited<ReturnType<typeof loadSdk>>['Room']['fromJson']>[0];

/** The list `name` of an answer; an absent list is empty. */
function readList(answer: unknown, name: string): Json[] {
  const list = (answer as Record<string, unknown> | undefined)?.[name] ?? [];
  if (!Array.isArray(list)) throw new Error(`${name} is not a list`);
  return list as Json[];
}

async function toPermission(grants: MediaGrants) {
  const sdk = await loadSdk();
  return {
    can_subscribe: grants.subscribe,
    can_publish: grants.publish,
    can_publish_data: grants.data,
    hidden: grants.hidden,
    agent: grants.agent,
    can_publish_sources: grants.publish
      ? (grants.sources ?? []).map((source) => sdk.TrackSource[trackSourceNumber(sdk, source)])
      : [],
  };
}

const roomAdminGrant = (room: string): VideoGrant => ({ roomAdmin: true, room });

export interface MediaApiOptions {
  cluster: Cluster;
  breaker: Breaker;
  clock: Clock;
  trace: Trace | undefined;
  fetcher: Fetch;
}

/** Creates the client of a cluster's room service; see `MediaApi`. */
export function createMediaApi({ cluster, breaker, clock, trace, fetcher }: MediaApiOptions): MediaApi {
  const sendRequest = createTwirpClient(
    cluster,
    breaker,
    trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher,
  );
  const sendChange = async (method: string, grant: VideoGrant, body: unknown): Promise<boolean> =>
    (await sendRequest({ method, grant, body, retryable: true })) !== undefined;

  return {
    async listRooms(names = []) {
      const { Room } = await loadSdk();
      const answer = await sendRequest({
        method: 'ListRooms',
        grant: { roomList: true },
        body: { names },
        retryable: true,
      });
      return parseAnswer('rooms', () =>
        readList(answer, 'rooms').map((room) => toClusterRoom(Room.fromJson(room, UNKNOWN_FIELDS))),
      );
    },
    async listParticipants(room) {
      const { ParticipantInfo } = await loadSdk();
      const answer = await sendRequest({
        method: 'ListParticipants',
        grant: roomAdminGrant(room),
        body: { room },
        retryable: true,
      });
      return parseAnswer('participants', () =>
        readList(answer, 'participants').map((info) =>
          toClusterParticipant(ParticipantInfo.fromJson(info, UNKNOWN_FIELDS)),
        ),
      );
    },
    deleteRoom: (room) => sendChange('DeleteRoom', { roomCreate: true }, { room }),
    removeParticipant: (room, identity) =>
      sendChange('RemoveParticipant', roomAdminGrant(room), {
        room,
        identity,
        revoke_token_ts: String(Math.floor(clock.now() / 1000)),
      }),
    async muteTrack(room, identity, trackSid, muted) {
      const body = { room, identity, track_sid: trackSid, muted };
      const answer = await sendRequest({
        method: 'MutePublishedTrack',
        grant: roomAdminGrant(room),
        body,
        retryable: true,
      });
      // For an unknown track LiveKit answers with success and without a track.
      return Boolean((answer as { track?: unknown } | undefined)?.track);
    },
    updateParticipant: async (room, identity, { name, attributes, grants }) =>
      sendChange('UpdateParticipant', roomAdminGrant(room), {
        room,
        identity,
        ...(name === undefined ? {} : { name }),
        ...(attributes === undefined ? {} : { attributes }),
        ...(grants === undefined ? {} : { permission: await toPermission(grants) }),
      }),
    async sendData(room, data, { topic, identities }) {
      const body = {
        room,
        data: btoa(String.fromCharCode(...data)),
        kind: 'RELIABLE',
        destination_identities: identities ?? [],
        ...(topic === undefined ? {} : { topic }),
      };
      await sendRequest({ method: 'SendData', grant: roomAdminGrant(room), body, retryable: false });
    },
  };
}
