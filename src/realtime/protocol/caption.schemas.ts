import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesSchema } from '../../kernel/core/index.ts';
import { identitySchema, speakerSchema } from './protocol.schemas.ts';
import { defineRoomEvent } from './room-event.schemas.ts';

/** Different languages that people of one room may ask for at a time, beside those that captions have for everybody. */
export const MAX_ASKED_LANGUAGES = 5;

const tag = lineSchema(35).min(2).openapi({ example: 'en' });
const identity = identitySchema.describe('The agent that transcribes.');
const translatedBy = z
  .enum(['rules', 'model'])
  .optional()
  .describe('What translated it: an engine of rules, which gives the gist, or a language model.');
const translatedFrom = tag.describe('The language that was spoken, as a BCP 47 tag.');

/** One segment of a transcript, as the transcribing agent sends it. */
const segmentFields = {
  segmentId: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .describe(
      'Name of the segment of speech; chosen by the sender, and different for each of their segments.',
    ),
  speaker: speakerSchema,
  language: tag.describe('The language, as a BCP 47 tag.'),
  text: linesSchema(2000).describe('The text of the segment, 1 to 2,000 characters.'),
  startMs: z.number().int().nonnegative().optional().describe('Milliseconds from the start of the call.'),
  endMs: z.number().int().nonnegative().optional().describe('Milliseconds from the start of the call.'),
};
const captionFields = {
  ...segmentFields,
  version: z.number().int().min(1).describe("Rises with every change of the segment's text."),
  translatedFrom: translatedFrom
    .optional()
    .describe('The language that was spoken, as a BCP 47 tag; only for a translation that everybody gets.'),
  translatedBy,
};

const skipReason = z
  .enum(['late', 'failed'])
  .describe('`late`: the voice had fallen behind; `failed`: there was no voice for it.');

/** The captions of a call, as everybody in the room sees them. */
export const captionsViewSchema = z
  .object({
    captionId: idSchema('caption').describe('The captions.'),
    language: tag.nullable().describe('The language that is spoken; null when it is detected automatically.'),
    languages: z
      .array(tag)
      .max(50)
      .describe('Languages that finished captions can be translated to for you; see `captions.ask`.'),
    spoken: z
      .array(tag)
      .max(10)
      .optional()
      .describe('Languages in which translations are spoken; see `captions.listen`. Absent: none.'),
  })
  .openapi('LiveCaptions')
  .describe('The live captions of the call, as everybody in the room sees them.');
export type LiveCaptions = z.infer<typeof captionsViewSchema>;

const clientFrame = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  shape: S,
  description: string,
) => z.strictObject({ type: z.literal(type), ...shape }).describe(description);

/** The fields that name a frame. */
interface FrameIds<I extends z.ZodType, O extends z.ZodRawShape> {
  id: I;
  optionalId: O;
}

/** The frames of clients about captions that are read. */
export const captionClientFrames = <I extends z.ZodType, O extends z.ZodRawShape>({
  id,
  optionalId,
}: FrameIds<I, O>) =>
  [
    clientFrame(
      'caption',
      { ...optionalId, ...captionFields, final: z.boolean().describe('Whether this is the last version.') },
      'A piece of transcript. Agents only; a final caption becomes an event. One that is not final is dropped when no other ' +
        'version follows within 30 seconds, or the socket ends.',
    ),
    clientFrame(
      'caption.translation',
      { ...optionalId, ...segmentFields, translatedFrom, translatedBy },
      'A finished caption in a requested language. Agents only; the people who requested it get ' +
        '`caption.translated`.',
    ),
    clientFrame(
      'captions.ask',
      {
        id,
        language: tag.nullable().describe('One of the `languages` of the captions; null to end the request.'),
      },
      'Asks for finished captions in a language, as `caption.translated`, on all devices of the sender, until they leave the room or ' +
        `ask for another. People of a room may ask for ${MAX_ASKED_LANGUAGES} different languages at a time.`,
    ),
  ] as const;

/** The frames of clients about translations that are spoken. */
export const spokenClientFrames = <I extends z.ZodType, O extends z.ZodRawShape>({
  id,
  optionalId,
}: FrameIds<I, O>) =>
  [
    clientFrame(
      'captions.listen',
      {
        id,
        language: tag
          .nullable()
          .describe('One of the `spoken` languages of the captions; null to end the request.'),
      },
      'Asks for the voice that speaks translations, until the sender leaves the room or asks for another one. The media server then ' +
        'has a track `translation:<language>` for them, of the participant `agt_~spoken`. Nothing is spoken that has no listeners.',
    ),
    clientFrame(
      'captions.skipped',
      { ...optionalId, language: tag.describe('The spoken language.'), reason: skipReason },
      'A translation is not spoken. Agents only; the people who listen get it.',
    ),
  ] as const;

const serverFrame = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  shape: S,
  description: string,
) => z.object({ type: z.literal(type), ...shape }).describe(description);

/** Frames about captions that have no number. */
export const captionServerFrames = [
  serverFrame(
    'caption.partial',
    { ...captionFields, identity },
    'A caption that may still change. Without another version it is dropped after 30 seconds.',
  ),
  serverFrame(
    'caption.dropped',
    {
      segmentId: segmentFields.segmentId,
      identity: identitySchema.describe('The agent that transcribed.'),
    },
    'An unfinished caption is given up: its sender broke off, or sent no other version for 30 seconds.',
  ),
  serverFrame(
    'caption.translated',
    { ...segmentFields, translatedFrom, translatedBy, identity },
    'A finished caption in the language that you asked for. It is not stored: captions that are sent while the ' +
      'socket is closed are missed.',
  ),
  serverFrame(
    'captions.asked',
    {
      languages: z.array(tag).describe('The languages, each once.'),
      listeners: z
        .array(
          z.object({
            language: tag.describe('The spoken language.'),
            identities: z.array(identitySchema).describe('Those who listen to it.'),
          }),
        )
        .describe('The people who listen to each spoken language.'),
    },
    'For agents: the languages that people in the room ask for and listen to, after a hello and whenever they change.',
  ),
  serverFrame(
    'captions.skipped',
    {
      language: tag.describe('The spoken language.'),
      reason: skipReason,
      identity: identitySchema.describe('The agent that speaks.'),
    },
    'A translation in the language that you listen to was not spoken.',
  ),
] as const;

/** The stored part of captions. */
export const captionEvents = [
  defineRoomEvent(
    'caption.final',
    { ...captionFields, identity: identitySchema.describe('The agent that transcribed.') },
    'The final text of a caption.',
  ),
  defineRoomEvent(
    'captions.running',
    { captions: captionsViewSchema },
    'Captions are on, or their languages changed.',
  ),
  defineRoomEvent(
    'captions.over',
    { captionId: idSchema('caption').describe('The captions.') },
    'Captions are off.',
  ),
] as const;
