import { defineErrors } from '../../kernel/core/index.ts';
import { SHARED_CLOSE_CODES, type SocketClose } from '../sockets/index.ts';

/** Refusals of a room's socket, as problems in the handshake and as `error` frames with the same codes afterwards. */
export const realtimeErrors = defineErrors('realtime', {
  roomNotFound: { status: 404, title: 'The ticket is not for this room' },
  removed: { status: 403, title: 'You were removed from the room' },
  credentialEnded: { status: 403, title: 'The access behind the ticket has ended' },
  roomEnded: { status: 403, title: 'The room has ended' },
  roomFull: { status: 503, title: 'The room has too many open sockets', retryAfterSeconds: 10 },
  tooManySockets: { status: 429, title: 'You have too many open sockets', retryAfterSeconds: 30 },
  busy: {
    status: 429,
    title: 'Too many frames from this socket are still being processed',
    retryAfterSeconds: 1,
  },
  notAllowed: { status: 403, title: 'Your role in the room does not allow this' },
  fileNotFound: { status: 404, title: 'The file is not shared in this room' },
  messageNotFound: { status: 404, title: 'The message was not found' },
  messageRefused: { status: 403, title: 'The rules of the room do not allow this text' },
  notYourMessage: { status: 403, title: 'The message was sent by somebody else' },
  tooManyReactions: { status: 409, title: 'The message has too many different reactions' },
  captionFinal: { status: 409, title: 'The caption is already final' },
  captionStale: { status: 409, title: 'A later version of the caption was already received' },
  captionsNotOffered: { status: 409, title: 'The captions of this call are not translated to this language' },
  tooManyLanguages: { status: 409, title: 'People in the room request too many different languages' },
  ticketTooOld: { status: 403, title: 'The ticket can no longer be renewed here' },
});

/** Why the server closes a socket. Where the reason says so, the client may open another one with its last cursor. */
export const ROOM_CLOSE_CODES = {
  badFrames: SHARED_CLOSE_CODES.badFrames,
  credentialEnded: { code: 4401, reason: 'the session or API key behind it has ended: sign in, join again' },
  removed: { code: 4403, reason: 'removed from the room' },
  silent: { code: 4408, reason: 'neither frames nor pings for too long: resume' },
  replaced: SHARED_CLOSE_CODES.replaced,
  roomEnded: { code: 4410, reason: 'the room has ended' },
  expired: { code: 4411, reason: 'a day has passed since you joined: join again' },
  tooLarge: SHARED_CLOSE_CODES.tooLarge,
  lagging: SHARED_CLOSE_CODES.lagging,
  flooding: SHARED_CLOSE_CODES.flooding,
  decided: { code: 4440, reason: 'no longer waiting in the lobby' },
  crowded: { code: 1013, reason: 'the room is busy: resume later' },
} as const satisfies Record<string, SocketClose>;
export type RoomCloseName = keyof typeof ROOM_CLOSE_CODES;
