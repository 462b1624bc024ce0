import type { ParticipantInfo } from 'livekit-server-sdk';
import { createTracedFetch } from '../../platform/observability/index.ts';
import type { MediaApiOptions } from './create-media-api.ts';
import { createTwirpClient, parseAnswer, loadSdk } from './create-twirp-client.ts';
import { toStorableText } from './livekit-objects.rules.ts';
import type { ClusterPhone, DialRequest, PhoneApi } from './phones.ports.ts';

/** What LiveKit's SIP writes into the attribute `sip.callStatus`. While it presses keys somebody has answered. */
const STATUSES: Readonly<Record<string, ClusterPhone['status']>> = {
  dialing: 'dialing',
  ringing: 'ringing',
  automation: 'active',
  active: 'active',
  hangup: 'ended',
};

/** The attributes that LiveKit gives to those who call in, and of which only the first to those who are called. */
function cameBy({ 'sip.trunkID': trunkId = '', 'sip.ruleID': ruleId = '' }: Record<string, string>) {
  return ruleId === '' ? null : { trunkId: toStorableText(trunkId), ruleId: toStorableText(ruleId) };
}

const toClusterPhone = ({ sid, identity, name, attributes }: ParticipantInfo): ClusterPhone => ({
  sid: toStorableText(sid),
  identity: toStorableText(identity),
  name: toStorableText(name),
  cameBy: cameBy(attributes),
  status: STATUSES[attributes['sip.callStatus'] ?? ''] ?? 'dialing',
});

/** How long the telephone that a call is transferred to may ring. */
const TRANSFER_SECONDS = 25;

const seconds = (count: number) => `${count}s`;

function toDialRequest(request: DialRequest) {
  const { trunk, number, callerNumber, room, identity, name, attributes, digits } = request;
  return {
    trunk: {
      hostname: trunk.address,
      transport: `SIP_TRANSPORT_${trunk.transport.toUpperCase()}`,
      auth_username: trunk.credentials?.username ?? '',
      auth_password: trunk.credentials?.password ?? '',
    },
    sip_call_to: number,
    sip_number: callerNumber,
    room_name: room,
    participant_identity: identity,
    participant_name: name,
    participant_attributes: attributes,
    dtmf: digits,
    // Otherwise everybody in the call would see both numbers among the attributes.
    hide_phone_number: true,
    play_dialtone: true,
    ringing_timeout: seconds(request.ringSeconds),
    max_call_duration: seconds(request.maxSeconds),
  };
}

const aboutRoom = (room: string) => ({ roomAdmin: true, room });

const createTransfer =
  (send: ReturnType<typeof createTwirpClient>): PhoneApi['transfer'] =>
  async (room, identity, number) => {
    const answer = await send({
      service: 'SIP',
      method: 'TransferSIPParticipant',
      grant: aboutRoom(room),
      sipGrant: { call: true },
      body: {
        room_name: room,
        participant_identity: identity,
        transfer_to: `tel:${number}`,
        play_dialtone: true,
        ringing_timeout: seconds(TRANSFER_SECONDS),
      },
      timeoutMs: (TRANSFER_SECONDS + 2) * 1_000,
      retryable: false,
    });
    return answer !== undefined;
  };

/** Creates the client for a cluster's telephone line; see `PhoneApi`. */
export function createPhoneApi({ cluster, breaker, trace, fetcher }: MediaApiOptions): PhoneApi {
  const traced = trace ? createTracedFetch(trace, 'livekit', fetcher) : fetcher;
  const send = createTwirpClient(cluster, breaker, traced);
  return {
    async dial(request) {
      const answer = await send({
        service: 'SIP',
        method: 'CreateSIPParticipant',
        grant: aboutRoom(request.room),
        sipGrant: { call: true },
        body: toDialRequest(request),
        retryable: false,
      });
      return answer !== undefined;
    },
    transfer: createTransfer(createTwirpClient(cluster, { run: (work) => work() }, traced)),
    async find(room, identity) {
      const answer = await send({
        method: 'GetParticipant',
        grant: aboutRoom(room),
        body: { room, identity },
        retryable: true,
      });
      if (answer === undefined) return null;
      const { ParticipantInfo: message } = await loadSdk();
      return parseAnswer('participant', () =>
        toClusterPhone(message.fromJson(answer as never, { ignoreUnknownFields: true })),
      );
    },
    hangUp: async (room, identity) =>
      (await send({
        method: 'RemoveParticipant',
        grant: aboutRoom(room),
        body: { room, identity },
        retryable: true,
      })) !== undefined,
  };
}
