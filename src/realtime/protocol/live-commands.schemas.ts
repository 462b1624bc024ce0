import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { sendRecommendationSchema } from '../send-settings/index.ts';
import { captionsViewSchema } from './caption.schemas.ts';
import { MAX_FILES_PER_MESSAGE } from './protocol.enums.ts';
import {
  breakoutsViewSchema,
  featuresSchema,
  identitySchema,
  lobbyEntrySchema,
  timestampSchema,
  pollViewSchema,
  recordingConsentViewSchema,
  nameSchema,
  recordingViewSchema,
  reviewNoticeFields,
  roomIdSchema,
  roomRoleSchema,
  streamViewSchema,
} from './protocol.schemas.ts';
import { messageFileSchema } from './room-views.schemas.ts';

/**
 * What every command carries. A verb commits and sends its commands to the live room at once; a subscriber of the event
 * that was committed with the change sends them again. A `key` is applied once, and the later of two decisions about
 * the same subject wins, independent of the order in which they arrive.
 */
const commandFields = {
  /** Names the decision: a command that is sent again has the same key. */
  key: z.string().min(1).max(200),
  /** When it was decided, milliseconds since the epoch, by the verb's clock. */
  atMs: z.number().int().nonnegative(),
  /** The identity that decided; null for the platform. */
  by: identitySchema.nullable().default(null),
};

const command = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...commandFields, ...shape });

const reason = z.string().max(500);

/** The commands of verbs to a live room. */
export const liveCommandSchema = z.discriminatedUnion('type', [
  /** The role counts from the next frame on. */
  command('participant.role', { identity: identitySchema, role: roomRoleSchema }),
  /** Closes all their sockets; tickets issued before `atMs` open no other. */
  command('participant.removed', { identity: identitySchema, reason }),
  /** Takes a removal back: tickets open sockets again. */
  command('participant.readmitted', { identity: identitySchema }),
  /**
   * A session or an API key has ended: closes the sockets that rest on it, and its tickets open no other. `userId` is the
   * person of the session; their sockets and tickets that do not say what they rest on end as well.
   */
  command('credential.ended', {
    credential: z.union([idSchema('session'), idSchema('apiKey')]),
    userId: idSchema('user').nullable(),
  }),
  /** Shown to the person who is moved; the ticket opens the socket of the other room. */
  command('participant.moved', {
    identity: identitySchema,
    toRoomId: roomIdSchema,
    ticket: z.string().nullable(),
  }),
  /** A moved person has entered the other room: they are in this one no longer. */
  command('participant.entered', { identity: identitySchema, toRoomId: roomIdSchema }),
  command('room.locked', { locked: z.boolean() }),
  command('room.updated', {
    name: z.string().max(255).optional(),
    features: featuresSchema.partial().optional(),
  }),
  /** Closes all sockets; tickets issued before `atMs` open no other. */
  command('room.ended', { reason }),
  /** Shown to moderators. */
  command('lobby.waiting', { entry: lobbyEntrySchema }),
  /** Shown to moderators and to the person who waits. */
  command('lobby.decided', {
    lobbyEntryId: idSchema('lobbyEntry'),
    identity: identitySchema,
    decision: z.enum(['admitted', 'denied', 'cancelled', 'expired']),
  }),
  /** Null lowers all hands. */
  command('hands.lower', { identity: identitySchema.nullable() }),
  command('spotlight', { identity: identitySchema.nullable() }),
  /** Null for all of their tracks. */
  command('media.muted', { identity: identitySchema, trackSid: z.string().max(64).nullable() }),
  /** Shown to that person alone. */
  command('media.recommended', { identity: identitySchema, recommendation: sendRecommendationSchema }),
  command('breakouts.opened', { breakouts: breakoutsViewSchema }),
  command('breakouts.updated', { breakouts: breakoutsViewSchema }),
  command('breakouts.closed', { breakouts: breakoutsViewSchema }),
  command('poll.opened', { poll: pollViewSchema }),
  command('poll.updated', { poll: pollViewSchema }),
  command('poll.closed', { poll: pollViewSchema }),
  /** Shown to everybody from the request on, before anything is recorded. */
  command('recording.running', { recording: recordingViewSchema }),
  command('recording.over', {
    recording: z.object({ recordingId: idSchema('recording') }),
    failed: z.boolean(),
  }),
  /** Shown to everybody while the call lasts. */
  command('recording.consent', { callId: idSchema('call'), ...recordingConsentViewSchema.shape }),
  /** Shown to everybody from the request on, before anything is sent. */
  command('stream.running', { stream: streamViewSchema }),
  command('stream.over', { stream: z.object({ streamId: idSchema('stream') }), failed: z.boolean() }),
  /** Shown to everybody. What the engines can translate may change: it is sent again with other languages. */
  command('captions.running', { captions: captionsViewSchema }),
  command('captions.over', { captions: z.object({ captionId: idSchema('caption') }) }),
  command('call.started', { callId: idSchema('call'), startedAt: timestampSchema }),
  command('call.ended', { callId: idSchema('call'), endedAt: timestampSchema }),
  /** A message that no socket sent: of the product, or one that waited for a review. Nothing where the chat is off. */
  command('chat.post', {
    messageId: idSchema('message'),
    identity: identitySchema,
    name: nameSchema,
    text: z.string().min(1).max(4000),
    threadId: idSchema('message').nullable().default(null),
    replyTo: idSchema('message').nullable().default(null),
    files: z.array(messageFileSchema).max(MAX_FILES_PER_MESSAGE).default([]),
  }),
  /** Shown to moderators: something waits for a review, or was decided. */
  command('moderation.review', reviewNoticeFields),
  /** `identity` is what the room shows as the one who deleted it. */
  command('chat.delete', { messageId: idSchema('message'), identity: identitySchema }),
  /** To everybody, or to these identities. */
  command('data', {
    topic: z.string().min(1).max(64),
    payload: z.unknown(),
    to: z.array(identitySchema).max(1000).nullable(),
  }),
  command('notice', {
    level: z.enum(['info', 'warning']),
    /** Stable and dotted, for programs: `recording.started`. */
    code: z.string().max(64),
    /** For people. */
    text: z.string().max(1000),
    to: z.array(identitySchema).max(1000).nullable(),
  }),
]);

/** A command as a verb writes it: `by` may be left out. */
export type LiveCommand = z.input<typeof liveCommandSchema>;
