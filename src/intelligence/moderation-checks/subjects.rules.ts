import type { CallParticipant } from '../../calls/calls/index.ts';
import { memberRoleInRoom, type RoomAccessFacts } from '../../rooms/access/index.ts';
import type { Room, RoomRole } from '../../rooms/rooms/index.ts';
import type { FoundSubject } from '../moderation-reviews/index.ts';
import type { Segment } from '../transcripts/index.ts';
import type { LineToCheck } from './answer.rules.ts';

/** The author's seat in the open call of the room. */
export interface AuthorSeat {
  callId: string;
  participantId: string;
}

/** The facts that decide in which role a message was written. */
export interface AuthorFacts extends RoomAccessFacts {
  room: Pick<Room, 'createdBy' | 'defaultRoles'>;
  /** In the call that was open then; null outside calls. */
  roleInCall: RoomRole | null;
}

/** A message or a caption that is checked, as a review would have it. */
export type CheckedSubject = Omit<
  FoundSubject,
  'action' | 'source' | 'rule' | 'phrase' | 'category' | 'severity'
> & {
  /** Null when the author is not in the call now. */
  seat: AuthorSeat | null;
  /** The role of the author at the time of the words. */
  role: RoomRole | null;
  line: LineToCheck;
};

interface StoredMessage {
  id: string;
  roomId: string;
  identity: string;
  userId: string | null;
  name: string;
  text: string;
  threadId: string | null;
  replyToId: string | null;
  fileIds: readonly string[];
  changedAt: Date;
}

/** The chat also exists outside calls. Then the stored role of the author in the room decides, as in the live room. */
function roleOfAuthor({ identity, userId }: StoredMessage, { room, roleInCall, ...facts }: AuthorFacts) {
  if (roleInCall !== null) return roleInCall;
  if (userId !== null) return memberRoleInRoom(identity, room, facts);
  return facts.person?.removedAt ? null : (facts.person?.role ?? null);
}

/** A message with its present words, the names of its files, and the name that a guest chose. */
export function messageSubject({
  message,
  seat,
  fileNames,
  ...author
}: AuthorFacts & {
  message: StoredMessage;
  seat: AuthorSeat | null;
  fileNames: readonly string[];
}): CheckedSubject {
  const { id, roomId, identity, userId, name, text, threadId, replyToId, fileIds } = message;
  const key = `${id}@${message.changedAt.getTime()}`;
  const shownName = identity.startsWith('gst_') ? [name] : [];
  const words = [text, ...fileNames, ...shownName].join('\n');
  return {
    subject: 'chat',
    subjectKey: key,
    messageId: id,
    roomId,
    callId: seat?.callId ?? null,
    identity,
    userId,
    name,
    text,
    threadId,
    replyToId,
    fileIds,
    seat,
    role: roleOfAuthor(message, author),
    line: { kind: 'chat', id, position: null, key, text: words },
  };
}

/** A caption with the words that the transcript has now. */
export function captionSubject({
  segment,
  roomId,
  callId,
  endedAt,
  participant,
}: {
  segment: Segment;
  roomId: string;
  callId: string;
  endedAt: Date | null;
  participant: CallParticipant;
}): CheckedSubject {
  const { transcriptionId: id, position, version, text } = segment;
  const key = `${id}#${position}@${version}`;
  const { identity, userId, name, role } = participant;
  return {
    subject: 'caption',
    subjectKey: key,
    messageId: null,
    roomId,
    callId,
    identity,
    userId,
    name,
    text,
    threadId: null,
    replyToId: null,
    fileIds: [],
    seat: endedAt === null ? { callId, participantId: participant.id } : null,
    role,
    line: { kind: 'caption', id, position, key, text },
  };
}
