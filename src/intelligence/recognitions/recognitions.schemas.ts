import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { isKnownLanguage } from '../transcripts/index.ts';
import { RECOGNITION_SUBPROTOCOL } from './recognition-frames.schemas.ts';
import { SOUND_ENCODINGS } from './recognitions.enums.ts';

export const createRecognitionSchema = z.strictObject({
  language: z
    .string()
    .max(35)
    .refine(isKnownLanguage, 'must be a language that the model knows')
    .nullable()
    .default(null)
    .describe('The language that is spoken, such as `en`; null: it is detected for each sentence.'),
  encoding: z
    .enum(SOUND_ENCODINGS)
    .default('pcm16')
    .describe('`pcm16`: 16 kHz, one channel, 16 bit, little-endian. `opus`: one packet in each message.'),
});
export type CreateRecognition = z.output<typeof createRecognitionSchema>;

export const recognitionParamsSchema = z.object({
  recognitionId: idSchema('recognition').describe('Id of the recognition.'),
});

export const recognitionTicketSchema = z
  .object({
    id: idSchema('recognition').describe('Id of the recognition.'),
    ticket: z.string().describe('Opens the socket, for one minute.'),
    url: z.url().describe('Address of the socket.'),
    protocols: z.array(z.string()).describe('Subprotocols to offer with the handshake.'),
    expiresAt: z.iso.datetime().describe('The ticket opens the socket until then.'),
  })
  .openapi('RecognitionTicket');
export type RecognitionTicket = z.output<typeof recognitionTicketSchema>;

export const recognitionTicketExample: RecognitionTicket = {
  id: exampleId('recognition'),
  ticket: '<ticket>',
  url: `wss://api.auralink.example/api/v1/ai/recognitions/${exampleId('recognition')}/socket`,
  protocols: [RECOGNITION_SUBPROTOCOL, 'ticket.<ticket>'],
  expiresAt: '2026-01-05T09:31:00.000Z',
};
