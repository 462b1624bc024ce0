import { defineErrors } from '../../kernel/core/index.ts';

/** Refusals of a room's socket, as problems in the handshake and as `error` frames with the same codes afterwards. */
export const realtimeErrors = defineErrors('realtime', {
  roomNotFound: { status: 404, title: 'The ticket is not for this room' },
  removed: { status: 403, title: 'You were removed from the room' },
  credentialEnded: { status: 403, title: 'What the ticket rests on has ended' },
  roomEnded: { status: 403, title: 'The room has ended' },
  roomFull: { status: 503, title: 'The room has too many open sockets', retryAfterSeconds: 10 },
  tooManySockets: { status: 429, title: 'You have too many open sockets', retryAfterSeconds: 30 },
  busy: {
    status: 429,
    title: 'Too many frames of this socket are still being processed',
    retryAfterSeconds: 1,
  },
  notAllowed: { status: 403, title: 'Your role in the room does not allow this' },
  messageNotFound: { status: 404, title: 'The message was not found' },
  notYourMessage: { status: 403, title: 'The message was sent by somebody else' },
  captionFinal: { status: 409, title: 'The caption is already final' },
  captionStale: { status: 409, title: 'A later version of the caption was already received' },
  ticketTooOld: { status: 403, title: 'The ticket can no longer be renewed here' },
});
