import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema } from '../../kernel/core/index.ts';
import {
  admissionExample,
  admissionSchema,
  recordingConsentField,
  waitingExample,
  waitingSchema,
} from '../admission/index.ts';
import { LINK_ACCESS, LINK_TYPES } from '../links/index.ts';
import { roomIdSchema, roomSchema } from '../rooms/index.ts';

/** As people write it; see `normalizeCode`. */
const code = z
  .string()
  .regex(/^[0-9A-Za-z -]{1,64}$/, 'must be the code of a link')
  .openapi({
    description: 'Code of the link, in either case, with or without spaces and hyphens.',
    example: '7m3k9q2xw4hd',
  });
export const codeParamsSchema = z.strictObject({ code });

const password = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .describe('Password of the link, 1 to 128 characters; required if the link has one.');
const name = lineSchema(100);

export const validateLinkSchema = z.strictObject({ password });
export type ValidateLink = z.output<typeof validateLinkSchema>;

export const joinByLinkSchema = z.strictObject({
  name: name.describe('The name that others see, 1 to 100 characters.'),
  password,
  visitorKey: z
    .string()
    .regex(/^[\w-]{22,128}$/, 'must be 22 to 128 letters, digits, _ and -: at least 128 random bits')
    .optional()
    .describe(
      'A random secret that the visitor keeps, 22 to 128 letters, digits, _ and -. With the same key they join as the ' +
        'same guest, and the link is not used again. Without a key every request is a new guest.',
    ),
  recordingConsent: recordingConsentField,
});
export type JoinByLink = z.output<typeof joinByLinkSchema>;

export const joinAsMemberSchema = z.strictObject({
  name: name
    .optional()
    .describe('The name that others see, 1 to 100 characters; by default the name of the account.'),
  password,
  recordingConsent: recordingConsentField,
});
export type JoinAsMember = z.output<typeof joinAsMemberSchema>;

const { name: roomName, type: roomType, status: roomStatus } = roomSchema.shape;

/** What a visitor sees of a link. */
export const visitSchema = z
  .object({
    valid: z.literal(true).describe('People can join through the link.'),
    linkId: idSchema('link').describe('Id of the link.'),
    type: z
      .enum(LINK_TYPES)
      .describe(
        '`room`, `call` for a link to one call, or `agent` for a conversation with an agent in the room.',
      ),
    access: z
      .enum(LINK_ACCESS)
      .describe('`public` for anybody who has the link, or `password` for those who also know the password.'),
    title: z.string().nullable().describe('Title on the join page; null for the name of the room.'),
    description: z.string().nullable().describe('Text on the join page; null for none.'),
    requiresPassword: z.boolean().describe('Whether joining requires the password.'),
    requiresApproval: z.boolean().describe('Whether a host or moderator has to admit newcomers.'),
    autoJoin: z.boolean().describe('Whether the join page joins without waiting for a click.'),
    role: z
      .enum(['host', 'moderator', 'participant', 'viewer'])
      .describe('Role of guests who join through the link.'),
    room: z
      .object({
        id: roomIdSchema.describe('Id of the room.'),
        name: roomName,
        type: roomType,
        status: roomStatus,
        live: z.boolean().describe('Whether the room has an open call.'),
        recordingRequestedAt: z.iso
          .datetime()
          .nullable()
          .describe(
            'When the running or pending recording of the open call was requested; null when there is none.',
          ),
        recordingConsent: roomSchema.shape.recordingConsent,
      })
      .describe('The room that the link leads to.'),
    features: z
      .object({
        recording: z.boolean().describe('Whether guests can record.'),
        screenShare: z.boolean().describe('Whether guests can share their screens.'),
        chat: z.boolean().describe('Whether guests can use the chat.'),
        files: z.boolean().describe('Whether guests can share files.'),
        captions: z.boolean().describe('Whether captions can be shown.'),
      })
      .describe('What guests can use: features of the room that the link does not disable.'),
  })
  .openapi('LinkVisit');
export type VisitView = z.output<typeof visitSchema>;

const guest = {
  guestTicket: z.string().describe("The guest's credential for the API, valid in this room."),
  guestTicketExpiresAt: z.iso.datetime().describe('When the guest ticket expires: after twelve hours.'),
  roomId: roomIdSchema.describe('The room.'),
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
    recordingRequestedAt: null,
    recordingConsent: 'notice',
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
