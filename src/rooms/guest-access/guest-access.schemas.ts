import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { admissionExample, admissionSchema, waitingExample, waitingSchema } from '../admission/index.ts';
import { LINK_ACCESS, LINK_TYPES } from '../links/index.ts';
import { roomIdSchema, roomSchema } from '../rooms/index.ts';

/** However people write it; see `normalCode`. */
const code = z
  .string()
  .regex(/^[0-9A-Za-z -]{1,64}$/, 'must be the code of a link')
  .openapi({ example: '7m3k9q2xw4hd' });
export const codeParamsSchema = z.strictObject({ code });

const password = z.string().min(1).max(128);
const name = z.string().trim().min(1).max(100);

export const validateLinkSchema = z.strictObject({ password: password.optional() });
export type ValidateLink = z.output<typeof validateLinkSchema>;

export const joinByLinkSchema = z.strictObject({
  /** As the others see them. */
  name,
  password: password.optional(),
  /**
   * Made up by the caller, random, kept by them: with the same key they are the same guest, and the link is not used
   * again. Without one each call is somebody new.
   */
  visitorKey: z
    .string()
    .regex(/^[\w-]{22,128}$/, 'must be 22 to 128 letters, digits, _ and -: at least 128 random bits')
    .optional(),
});
export type JoinByLink = z.output<typeof joinByLinkSchema>;

export const joinAsMemberSchema = z.strictObject({ name: name.optional(), password: password.optional() });
export type JoinAsMember = z.output<typeof joinAsMemberSchema>;

const { name: roomName, type: roomType, status: roomStatus } = roomSchema.shape;

/** What the one who follows a link is told of what it leads to. */
export const visitSchema = z
  .object({
    valid: z.literal(true),
    linkId: idSchema('link'),
    type: z.enum(LINK_TYPES),
    access: z.enum(LINK_ACCESS),
    title: z.string().nullable(),
    description: z.string().nullable(),
    requiresPassword: z.boolean(),
    /** A host or moderator lets newcomers in one by one. */
    requiresApproval: z.boolean(),
    autoJoin: z.boolean(),
    role: z.enum(['host', 'moderator', 'participant', 'viewer']),
    room: z.object({
      id: roomIdSchema,
      name: roomName,
      type: roomType,
      status: roomStatus,
      /** Whether a call is going on. */
      live: z.boolean(),
    }),
    /** What may be used: the room's features, as far as the link lets them be. */
    features: z.object({
      recording: z.boolean(),
      screenShare: z.boolean(),
      chat: z.boolean(),
      files: z.boolean(),
      captions: z.boolean(),
    }),
  })
  .openapi('LinkVisit');
export type VisitView = z.output<typeof visitSchema>;

/** The guest's credential for the API, good for this room alone. */
const guest = {
  guestTicket: z.string(),
  guestTicketExpiresAt: z.iso.datetime(),
  roomId: roomIdSchema,
};
export const guestAdmissionSchema = admissionSchema.extend(guest).openapi('GuestAdmission');
export const guestWaitingSchema = waitingSchema.extend(guest).openapi('GuestWaiting');
export type GuestAdmissionView = z.output<typeof guestAdmissionSchema> | z.output<typeof guestWaitingSchema>;

export const visitExample: VisitView = {
  valid: true,
  linkId: 'lnk_01jd3v7q8gf4kr2x6a0w9mznpe',
  type: 'room',
  access: 'password',
  title: 'Support',
  description: 'Talk to us about your order.',
  requiresPassword: true,
  requiresApproval: true,
  autoJoin: false,
  role: 'participant',
  room: {
    id: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
    name: 'Weekly support',
    type: 'group',
    status: 'open',
    live: true,
  },
  features: { recording: false, screenShare: true, chat: true, files: true, captions: true },
};

const guestExample = {
  identity: 'gst_01jd3v7q8gf4kr2x6a0w9mznpe',
  guestTicket: 'guest.eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJnc3RfMDFqZDN2In0.c2lnbmF0dXJl',
  guestTicketExpiresAt: '2026-01-05T21:30:00.000Z',
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
};
export const guestAdmissionExample = { ...admissionExample, ...guestExample };
export const guestWaitingExample = { ...waitingExample, ...guestExample };
