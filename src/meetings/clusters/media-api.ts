import type { VideoGrant } from 'livekit-server-sdk';
import { type Breaker, type Clock, type Trace } from '../../platform/core/index.ts';
import { type Fetch, outgoingFetch } from '../../platform/observability/index.ts';
import type { MediaApi, MediaGrants } from './clusters.ports.ts';
import type { Cluster } from './clusters.rules.ts';
import { sourceNumber } from './join-token.ts';
import { participantView, roomView } from './live-views.ts';
import { loadSdk } from './sdk.ts';
import { createTwirp, understood } from './twirp.ts';

const UNKNOWN_FIELDS = { ignoreUnknownFields: true };
type Json = Parameters<Awaited<ReturnType<typeof loadSdk>>['Room']['fromJson']>[0];

/** The list under `name` in an answer; an absent one is empty. */
function listIn(answer: unknown, name: string): Json[] {
  const list = (answer as Record<string, unknown> | undefined)?.[name] ?? [];
  if (!Array.isArray(list)) throw new Error(`${name} is not a list`);
  return list as Json[];
}

async function permissionOf(grants: MediaGrants) {
  const sdk = await loadSdk();
  return {
    can_subscribe: grants.subscribe,
    can_publish: grants.publish,
    can_publish_data: grants.data,
    hidden: grants.hidden,
    agent: grants.agent,
    can_publish_sources: grants.publish
      ? (grants.sources ?? []).map((source) => sdk.TrackSource[sourceNumber(sdk, source)])
      : [],
  };
}

const admin = (room: string): VideoGrant => ({ roomAdmin: true, room });

export interface MediaApiOptions {
  cluster: Cluster;
  breaker: Breaker;
  clock: Clock;
  trace: Trace | undefined;
  call: Fetch;
}

/** A cluster's room service, behind its breaker; see `MediaApi`. */
export function createMediaApi({ cluster, breaker, clock, trace, call }: MediaApiOptions): MediaApi {
  const ask = createTwirp(cluster, breaker, trace ? outgoingFetch(trace, 'livekit', call) : call);
  const change = async (method: string, grant: VideoGrant, body: unknown): Promise<boolean> =>
    (await ask({ method, grant, body, repeatable: true })) !== undefined;

  return {
    async listRooms(names = []) {
      const { Room } = await loadSdk();
      const answer = await ask({
        method: 'ListRooms',
        grant: { roomList: true },
        body: { names },
        repeatable: true,
      });
      return understood('rooms', () =>
        listIn(answer, 'rooms').map((room) => roomView(Room.fromJson(room, UNKNOWN_FIELDS))),
      );
    },
    async listParticipants(room) {
      const { ParticipantInfo } = await loadSdk();
      const answer = await ask({
        method: 'ListParticipants',
        grant: admin(room),
        body: { room },
        repeatable: true,
      });
      return understood('participants', () =>
        listIn(answer, 'participants').map((info) =>
          participantView(ParticipantInfo.fromJson(info, UNKNOWN_FIELDS)),
        ),
      );
    },
    deleteRoom: (room) => change('DeleteRoom', { roomCreate: true }, { room }),
    removeParticipant: (room, identity) =>
      change('RemoveParticipant', admin(room), {
        room,
        identity,
        revoke_token_ts: String(Math.floor(clock.now() / 1000)),
      }),
    async muteTrack(room, identity, trackSid, muted) {
      const body = { room, identity, track_sid: trackSid, muted };
      const answer = await ask({ method: 'MutePublishedTrack', grant: admin(room), body, repeatable: true });
      // Of a track that nobody has the answer is a success without a track.
      return Boolean((answer as { track?: unknown } | undefined)?.track);
    },
    updateParticipant: async (room, identity, { name, attributes, grants }) =>
      change('UpdateParticipant', admin(room), {
        room,
        identity,
        ...(name === undefined ? {} : { name }),
        ...(attributes === undefined ? {} : { attributes }),
        ...(grants === undefined ? {} : { permission: await permissionOf(grants) }),
      }),
    async sendData(room, data, { topic, identities }) {
      const body = {
        room,
        data: btoa(String.fromCharCode(...data)),
        kind: 'RELIABLE',
        destination_identities: identities ?? [],
        ...(topic === undefined ? {} : { topic }),
      };
      await ask({ method: 'SendData', grant: admin(room), body, repeatable: false });
    },
  };
}
