import type { ParticipantInfo, Room, TrackInfo } from 'livekit-server-sdk';
import {
  type ClusterEvent,
  isVideo,
  type JoinOptions,
  type LeaveReason,
  participantInfo,
  type PublishOptions,
  roomInfo,
  type RoomSettings,
  type SentData,
  createSidMaker,
  type SimulatedRoom,
  type EventEntity,
  participantEntity,
  trackInfo,
  type ClusterHistory,
} from './shapes.ts';

const toEventEntity = (message: { toJson(): unknown }) => message.toJson() as EventEntity;

const existedAt = (fromMs: number, toMs: number | null, ms: number) =>
  fromMs <= ms && (toMs === null || ms < toMs);

/**
 * A media server without media: tests control rooms, participants and tracks, and events are those of the real server.
 * It also records the truth, which does not depend on webhooks.
 */
export class SimulatedCluster {
  readonly rooms = new Map<string, SimulatedRoom>();
  /** All events, in the order in which they happened. */
  readonly events: ClusterEvent[] = [];
  readonly history: ClusterHistory = { rooms: [], connections: [], tracks: [] };
  /** Messages sent by `SendData`. */
  readonly sent: SentData[] = [];
  /** Called with each event as it happens. */
  onEvent: (event: ClusterEvent) => void = () => undefined;
  readonly now: () => number;
  /** Everything that ever existed, by sid: the source of stale lists. */
  private readonly everSeen = new Map<string, Room | ParticipantInfo>();
  private readonly sid: (kind: string) => string;

  /** @param series makes the ids of several clusters distinct */
  constructor(now: () => number = () => Date.now(), series = 0) {
    this.now = now;
    this.sid = createSidMaker(series);
  }

  /** Gets the room, or creates it. */
  open(name: string, settings: RoomSettings = {}): SimulatedRoom {
    const existing = this.rooms.get(name);
    if (existing) return existing;
    const nowMs = this.now();
    const info = roomInfo(this.sid('RM_'), name, nowMs, settings);
    const room: SimulatedRoom = { info, participants: new Map(), countedAtMs: nowMs };
    this.rooms.set(name, room);
    this.everSeen.set(info.sid, info);
    this.history.rooms.push({ sid: info.sid, name, startedAtMs: nowMs, endedAtMs: null });
    this.emitEvent('room_started', { room: toEventEntity(info) });
    return room;
  }

  /**
   * Connects an identity, which ends its earlier connection. Returns the sid of the connection.
   * @throws when the room is full
   */
  join(roomName: string, identity: string, options: JoinOptions = {}): string {
    const room = this.open(roomName, options);
    if (room.participants.has(identity)) this.leave(roomName, identity, 'DUPLICATE_IDENTITY');
    const limit = room.info.maxParticipants;
    if (limit > 0 && room.participants.size >= limit) throw new Error(`${roomName} is full`);
    const joinedAtMs = this.now();
    const participant = participantInfo(this.sid('PA_'), identity, joinedAtMs, options);
    const { sid, name } = participant;
    room.participants.set(identity, participant);
    this.everSeen.set(sid, participant);
    const connection = { sid, room: roomName, identity, name, joinedAtMs, leftAtMs: null, reason: null };
    this.history.connections.push(connection);
    this.emitEvent('participant_joined', {
      room: toEventEntity(room.info),
      participant: participantEntity(participant),
    });
    return sid;
  }

  leave(roomName: string, identity: string, reason: LeaveReason = 'CLIENT_INITIATED'): void {
    const { room, participant } = this.requireParticipant(roomName, identity);
    for (const { sid } of participant.tracks) this.unpublish(roomName, identity, sid);
    room.participants.delete(identity);
    const ended = this.history.connections.find(({ sid }) => sid === participant.sid);
    if (ended) Object.assign(ended, { leftAtMs: this.now(), reason });
    this.emitEvent('participant_left', {
      room: toEventEntity(room.info),
      participant: participantEntity(participant, reason),
    });
  }

  /** Publishes a track. Returns its sid. */
  publish(roomName: string, identity: string, options: PublishOptions): string {
    const { participant } = this.requireParticipant(roomName, identity);
    const video = isVideo(options);
    const track = trackInfo(this.sid(video ? 'TR_V' : 'TR_A'), options);
    participant.tracks.push(track);
    participant.isPublisher = true;
    this.history.tracks.push({
      sid: track.sid,
      room: roomName,
      connection: participant.sid,
      kind: video ? 'VIDEO' : 'AUDIO',
      source: options.source,
      publishedAtMs: this.now(),
      unpublishedAtMs: null,
    });
    this.emitTrackEvent('track_published', roomName, participant, track);
    return track.sid;
  }

  unpublish(roomName: string, identity: string, trackSid: string): void {
    const { participant } = this.requireParticipant(roomName, identity);
    const track = participant.tracks.find(({ sid }) => sid === trackSid);
    if (!track) throw new Error(`${identity} has no track ${trackSid}`);
    participant.tracks = participant.tracks.filter((each) => each !== track);
    participant.isPublisher = participant.tracks.length > 0;
    const ended = this.history.tracks.find(({ sid }) => sid === trackSid);
    if (ended) ended.unpublishedAtMs = this.now();
    this.emitTrackEvent('track_unpublished', roomName, participant, track);
  }

  /** Ends the room and disconnects everybody. */
  end(roomName: string, reason: LeaveReason = 'ROOM_DELETED'): void {
    const room = this.rooms.get(roomName);
    if (!room) throw new Error(`there is no room ${roomName}`);
    for (const identity of room.participants.keys()) this.leave(roomName, identity, reason);
    this.rooms.delete(roomName);
    const ended = this.history.rooms.findLast(({ name }) => name === roomName);
    if (ended) ended.endedAtMs = this.now();
    this.emitEvent('room_finished', { room: toEventEntity(room.info) });
  }

  /** The rooms at that time. */
  roomsAt(ms: number): Room[] {
    const roomsThen = this.history.rooms.filter((each) => existedAt(each.startedAtMs, each.endedAtMs, ms));
    return roomsThen.map(({ sid }) => this.everSeen.get(sid) as Room);
  }

  /** The participants of the room at that time. */
  participantsAt(roomName: string, ms: number): ParticipantInfo[] {
    const connectionsThen = this.history.connections.filter(
      ({ room, joinedAtMs, leftAtMs }) => room === roomName && existedAt(joinedAtMs, leftAtMs, ms),
    );
    return connectionsThen.map(({ sid }) => this.everSeen.get(sid) as ParticipantInfo);
  }

  /** @throws when the identity is not in the room */
  requireParticipant(
    roomName: string,
    identity: string,
  ): { room: SimulatedRoom; participant: ParticipantInfo } {
    const room = this.rooms.get(roomName);
    const participant = room?.participants.get(identity);
    if (!room || !participant) throw new Error(`${identity} is not in ${roomName}`);
    return { room, participant };
  }

  private emitEvent(
    event: ClusterEvent['event'],
    entities: Omit<ClusterEvent, 'event' | 'id' | 'createdAt'>,
  ): void {
    const createdAt = String(Math.floor(this.now() / 1000));
    const clusterEvent = { event, ...entities, id: this.sid('EV_'), createdAt };
    this.events.push(clusterEvent);
    this.onEvent(clusterEvent);
  }

  private emitTrackEvent(
    event: 'track_published' | 'track_unpublished',
    roomName: string,
    { sid, identity }: ParticipantInfo,
    track: TrackInfo,
  ): void {
    const room = { sid: this.rooms.get(roomName)?.info.sid ?? '', name: roomName };
    this.emitEvent(event, { room, participant: { sid, identity }, track: toEventEntity(track) });
  }
}
