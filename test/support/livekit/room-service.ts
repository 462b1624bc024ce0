import { ParticipantPermission } from 'livekit-server-sdk';
import { z } from 'zod';
import { type Call, count, method, permit, text, texts, TwirpError } from './twirp.ts';

const COUNTED_EVERY_MS = 5_000;

const notFound = (what: string) => new TwirpError('not_found', 404, `twirp error unknown: ${what}`);
const noParticipant = () => notFound('participant does not exist');
const noRoom = () => notFound('requested room does not exist');
const noServer = () => new TwirpError('unavailable', 503, 'twirp error unknown: no response from servers');

const permitAdmin = ({ grants }: Call, room: string) => permit(grants.roomAdmin && grants.room === room);

/** As the real server writes: snake case, and with everything that is at its default. */
const plain = (message: { toJson(options: object): unknown }) =>
  message.toJson({ useProtoFieldName: true, emitDefaultValues: true });

const inRoom = z.object({ room: text });
const who = z.object({ room: text, identity: text });

function participantOf(call: Call, { room, identity }: z.infer<typeof who>) {
  return call.cluster.rooms.get(room)?.participants.get(identity);
}

const roomToMake = z.object({
  name: text,
  empty_timeout: count,
  departure_timeout: count,
  max_participants: count,
  metadata: text,
});

const permission = z.record(z.string(), z.unknown());
const change = z.object({
  room: text,
  identity: text,
  metadata: text,
  name: text,
  permission: permission.nullish(),
  attributes: z.record(z.string(), z.string()).nullish(),
});

function changeParticipant(call: Call, input: z.infer<typeof change>) {
  permitAdmin(call, input.room);
  const participant = participantOf(call, input);
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
  return plain(participant);
}

const muting = z.object({
  room: text,
  identity: text,
  track_sid: text,
  muted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
});

function muteTrack(call: Call, input: z.infer<typeof muting>) {
  permitAdmin(call, input.room);
  const participant = participantOf(call, input);
  if (!participant) throw noServer(); // the real one waits three seconds for the participant's node to answer
  if (!input.muted)
    throw new TwirpError('failed_precondition', 412, 'twirp error unknown: remote unmute not enabled');
  const track = participant.tracks.find(({ sid }) => sid === input.track_sid);
  if (!track) return { track: null };
  track.muted = true;
  return { track: plain(track) };
}

function listRooms({ cluster, grants, staleMs }: Call, { names }: { names: string[] }) {
  permit(grants.roomList);
  const now = cluster.now();
  for (const room of cluster.rooms.values()) {
    if (now - room.countedAtMs < COUNTED_EVERY_MS) continue;
    const all = [...room.participants.values()];
    room.info.numParticipants = all.length;
    room.info.numPublishers = all.filter(({ isPublisher }) => isPublisher).length;
    room.countedAtMs = now;
  }
  const rooms = cluster.roomsAt(now - staleMs);
  return { rooms: rooms.filter(({ name }) => names.length === 0 || names.includes(name)).map(plain) };
}

const data = z.object({
  room: text,
  data: text,
  topic: text,
  destination_identities: texts,
});

/** What LiveKit's `RoomService` answers, method by method; keys of a request come in snake case. */
export const ROOM_SERVICE: Record<string, (call: Call, body: unknown) => unknown> = {
  CreateRoom: method(roomToMake, ({ cluster, grants }, input) => {
    permit(grants.roomCreate);
    const room = cluster.open(input.name, {
      emptyTimeout: input.empty_timeout,
      departureTimeout: input.departure_timeout,
      maxParticipants: input.max_participants,
      metadata: input.metadata,
    });
    return plain(room.info);
  }),
  ListRooms: method(z.object({ names: texts }), listRooms),
  DeleteRoom: method(inRoom, ({ cluster, grants }, { room }) => {
    permit(grants.roomCreate);
    if (!cluster.rooms.has(room)) throw noRoom();
    cluster.end(room);
    return {};
  }),
  UpdateRoomMetadata: method(inRoom.extend({ metadata: text }), (call, { room, metadata }) => {
    permitAdmin(call, room);
    const there = call.cluster.rooms.get(room);
    if (!there) throw noRoom();
    there.info.metadata = metadata;
    return plain(there.info);
  }),
  ListParticipants: method(inRoom, (call, { room }) => {
    permitAdmin(call, room);
    const { cluster, staleMs } = call;
    return { participants: cluster.participantsAt(room, cluster.now() - staleMs).map(plain) };
  }),
  GetParticipant: method(who, (call, input) => {
    permitAdmin(call, input.room);
    const participant = participantOf(call, input);
    if (!participant) throw noParticipant();
    return plain(participant);
  }),
  RemoveParticipant: method(who, (call, input) => {
    permitAdmin(call, input.room);
    if (!participantOf(call, input)) throw noParticipant();
    call.cluster.leave(input.room, input.identity, 'PARTICIPANT_REMOVED');
    return {};
  }),
  UpdateParticipant: method(change, changeParticipant),
  MutePublishedTrack: method(muting, muteTrack),
  SendData: method(data, (call, input) => {
    permitAdmin(call, input.room);
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
