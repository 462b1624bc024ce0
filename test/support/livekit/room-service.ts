import { ParticipantPermission } from 'livekit-server-sdk';
import { z } from 'zod';
import {
  type TwirpCall,
  countField,
  defineMethod,
  requireGrant,
  textField,
  textsField,
  TwirpError,
} from './twirp.ts';

const COUNTED_EVERY_MS = 5_000;

const notFound = (what: string) => new TwirpError('not_found', 404, `twirp error unknown: ${what}`);
const noParticipant = () => notFound('participant does not exist');
const noRoom = () => notFound('requested room does not exist');
const noServer = () => new TwirpError('unavailable', 503, 'twirp error unknown: no response from servers');

const requireAdminGrant = ({ grants }: TwirpCall, room: string) =>
  requireGrant(grants.roomAdmin && grants.room === room);

/** As the real server writes: snake case, defaults included. */
const toSnakeCaseJson = (message: { toJson(options: object): unknown }) =>
  message.toJson({ useProtoFieldName: true, emitDefaultValues: true });

const roomRequest = z.object({ room: textField });
const participantRequest = z.object({ room: textField, identity: textField });

function findParticipant(call: TwirpCall, { room, identity }: z.infer<typeof participantRequest>) {
  return call.cluster.rooms.get(room)?.participants.get(identity);
}

const createRoomRequest = z.object({
  name: textField,
  empty_timeout: countField,
  departure_timeout: countField,
  max_participants: countField,
  metadata: textField,
});

const permission = z.record(z.string(), z.unknown());
const updateParticipantRequest = z.object({
  room: textField,
  identity: textField,
  metadata: textField,
  name: textField,
  permission: permission.nullish(),
  attributes: z.record(z.string(), z.string()).nullish(),
});

function changeParticipant(call: TwirpCall, input: z.infer<typeof updateParticipantRequest>) {
  requireAdminGrant(call, input.room);
  const participant = findParticipant(call, input);
  if (!participant) throw noParticipant();
  if (input.metadata !== '') participant.metadata = input.metadata;
  if (input.name !== '') participant.name = input.name;
  for (const [key, value] of Object.entries(input.attributes ?? {}))
    if (value === '') delete participant.attributes[key];
    else participant.attributes[key] = value;
  if (input.permission) {
    participant.permission = ParticipantPermission.fromJson(input.permission as never);
    if (!participant.permission.canPublish)
      for (const { sid } of participant.tracks) call.cluster.unpublish(input.room, input.identity, sid);
  }
  participant.version++;
  return toSnakeCaseJson(participant);
}

const muteTrackRequest = z.object({
  room: textField,
  identity: textField,
  track_sid: textField,
  muted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
});

function muteTrack(call: TwirpCall, input: z.infer<typeof muteTrackRequest>) {
  requireAdminGrant(call, input.room);
  const participant = findParticipant(call, input);
  if (!participant) throw noServer(); // the real one waits three seconds for the participant's node to answer
  if (!input.muted)
    throw new TwirpError('failed_precondition', 412, 'twirp error unknown: remote unmute not enabled');
  const track = participant.tracks.find(({ sid }) => sid === input.track_sid);
  if (!track) return { track: null };
  track.muted = true;
  return { track: toSnakeCaseJson(track) };
}

function listRooms({ cluster, grants, staleMs }: TwirpCall, { names }: { names: string[] }) {
  requireGrant(grants.roomList);
  const now = cluster.now();
  for (const room of cluster.rooms.values()) {
    if (now - room.countedAtMs < COUNTED_EVERY_MS) continue;
    const all = [...room.participants.values()];
    room.info.numParticipants = all.length;
    room.info.numPublishers = all.filter(({ isPublisher }) => isPublisher).length;
    room.countedAtMs = now;
  }
  const rooms = cluster.roomsAt(now - staleMs);
  return {
    rooms: rooms.filter(({ name }) => names.length === 0 || names.includes(name)).map(toSnakeCaseJson),
  };
}

const sendDataRequest = z.object({
  room: textField,
  data: textField,
  topic: textField,
  destination_identities: textsField,
});

/** The methods of LiveKit's `RoomService`; requests have keys in snake case. */
export const ROOM_SERVICE: Record<string, (call: TwirpCall, body: unknown) => unknown> = {
  CreateRoom: defineMethod(createRoomRequest, ({ cluster, grants }, input) => {
    requireGrant(grants.roomCreate);
    const room = cluster.open(input.name, {
      emptyTimeout: input.empty_timeout,
      departureTimeout: input.departure_timeout,
      maxParticipants: input.max_participants,
      metadata: input.metadata,
    });
    return toSnakeCaseJson(room.info);
  }),
  ListRooms: defineMethod(z.object({ names: textsField }), listRooms),
  DeleteRoom: defineMethod(roomRequest, ({ cluster, grants }, { room }) => {
    requireGrant(grants.roomCreate);
    if (!cluster.rooms.has(room)) throw noRoom();
    cluster.end(room);
    return {};
  }),
  UpdateRoomMetadata: defineMethod(
    roomRequest.extend({ metadata: textField }),
    (call, { room, metadata }) => {
      requireAdminGrant(call, room);
      const existing = call.cluster.rooms.get(room);
      if (!existing) throw noRoom();
      existing.info.metadata = metadata;
      return toSnakeCaseJson(existing.info);
    },
  ),
  ListParticipants: defineMethod(roomRequest, (call, { room }) => {
    requireAdminGrant(call, room);
    const { cluster, staleMs } = call;
    return { participants: cluster.participantsAt(room, cluster.now() - staleMs).map(toSnakeCaseJson) };
  }),
  GetParticipant: defineMethod(participantRequest, (call, input) => {
    requireAdminGrant(call, input.room);
    const participant = findParticipant(call, input);
    if (!participant) throw noParticipant();
    return toSnakeCaseJson(participant);
  }),
  RemoveParticipant: defineMethod(participantRequest, (call, input) => {
    requireAdminGrant(call, input.room);
    if (!findParticipant(call, input)) throw noParticipant();
    call.cluster.leave(input.room, input.identity, 'PARTICIPANT_REMOVED');
    return {};
  }),
  UpdateParticipant: defineMethod(updateParticipantRequest, changeParticipant),
  MutePublishedTrack: defineMethod(muteTrackRequest, muteTrack),
  SendData: defineMethod(sendDataRequest, (call, input) => {
    requireAdminGrant(call, input.room);
    if (!call.cluster.rooms.has(input.room)) throw noServer();
    const decoded = Buffer.from(input.data, 'base64').toString();
    call.cluster.sent.push({
      room: input.room,
      text: decoded,
      topic: input.topic,
      to: input.destination_identities,
    });
    return {};
  }),
};
