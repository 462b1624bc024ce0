import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';

/** The kinds of mails of organizations. */
export const MAIL_KINDS = [
  'invitation',
  'recording',
  'stream',
  'ingress',
  'phone_call',
  'compression',
  'billing',
  'report',
  'meeting',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

export const mailsSent = defineEvent({
  type: 'mails.sent',
  description: 'The mail provider accepted mails of an organization.',
  payload: z.object({
    kind: z.enum(MAIL_KINDS).describe('Kind of the mails.'),
    causedBy: z.string().nullable().describe('The user who caused them; null when no user did.'),
    sentAt: z.iso.datetime().describe('When they were sent.'),
    keys: z.array(z.string()).describe('A hash for each mail; it is the same when the mail is sent again.'),
  }),
  example: {
    kind: 'invitation',
    causedBy: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
    sentAt: '2026-01-05T09:30:00.000Z',
    keys: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  },
  key: ({ keys }) => keys[0] ?? '',
  internal: true,
});
