import { z } from '@hono/zod-openapi';
import { errorFrameFields, SHARED_CLOSE_CODES, type SocketClose } from '../../realtime/sockets/index.ts';
import { RECOGNITION_END_REASONS } from './recognitions.enums.ts';

/** The protocol and its version: client and server agree on it in the handshake. */
export const RECOGNITION_SUBPROTOCOL = 'auralink-recognition.v1';
/** Most bytes of a message: two seconds of PCM. */
export const MAX_SOUND_BYTES = 64_000;
const MAX_TEXT_BYTES = 1_024;

const ms = (description: string) =>
  z.int().min(0).describe(`${description}, in milliseconds from the beginning.`);
const frame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S, description: string) =>
  z.strictObject({ type: z.literal(type), ...shape }).describe(description);

export const recognitionClientFrames = [
  frame(
    'hello',
    {
      after: z
        .int()
        .min(0)
        .default(0)
        .describe(
          'The `seq` of the last result that was received; 0 for none. Later results are sent again.',
        ),
    },
    'The first message of a socket, within ten seconds. Sound may follow after `ready`.',
  ),
  frame('finalize', {}, 'Asks for the results of all sound so far. Answered by `finalized`.'),
  frame('close', {}, 'Ends the recognition once all sound has its results. Answered by `ended`.'),
] as const;
export const recognitionClientFrameSchema = z.discriminatedUnion('type', [...recognitionClientFrames]);
export type RecognitionClientFrame = z.output<typeof recognitionClientFrameSchema>;
export const MAX_RECOGNITION_TEXT_BYTES = MAX_TEXT_BYTES;

const seq = z.int().min(1).describe('Numbers the results of a recognition from 1, without gaps.');
const language = z.string().nullable().describe('The language that was spoken; null when it is unknown.');
const startMs = ms('Where the sentence begins');
const endMs = ms('Where it ends');
const text = z.string().describe('What was said.');

const finalFrame = frame(
  'final',
  {
    seq,
    startMs,
    endMs,
    text,
    language,
    words: z
      .array(
        z.strictObject({
          text: z.string().describe('The word.'),
          startMs: ms('Where the word begins'),
          endMs: ms('Where it ends'),
          confidence: z
            .number()
            .nullable()
            .describe('The confidence of the model, 0 to 1; null when it reports none.'),
        }),
      )
      .describe('The words with their times.'),
  },
  'A finished sentence, which never changes.',
);
const gapFrame = frame(
  'gap',
  { seq, startMs, endMs },
  'Sound that was not recognized, because the speech service was too busy or not available.',
);
export type RecognitionResult = z.output<typeof finalFrame> | z.output<typeof gapFrame>;

export const recognitionServerFrames = [
  frame(
    'ready',
    {
      fromMs: ms('Sound must be sent from this moment on, because later sound is no longer known'),
      seq: z.int().min(0).describe('The number of the last result; 0 for none.'),
    },
    'Answers `hello`; the results after its `after` follow.',
  ),
  frame(
    'partial',
    { startMs, text, version: z.int().min(1).describe('Version of this sentence, from 1.') },
    'The first version of the sentence that is being spoken; it replaces the one before. It is not ' +
      'sent again.',
  ),
  finalFrame,
  gapFrame,
  frame('finalized', {}, 'All sound before `finalize` has its results.'),
  frame(
    'degraded',
    {},
    'The speech service does not answer. It is asked again, and sound of up to 30 seconds is kept.',
  ),
  frame(
    'ended',
    {
      reason: z
        .enum(RECOGNITION_END_REASONS)
        .describe(
          '`closed`: by the client, or the API. `abandoned`: there was no client for a minute. ' +
            '`too_long`: four hours have passed. `not_allowed`: access, plan or budget have ended; an ' +
            '`error` came before. `speech_away`: the speech service was not available for five minutes.',
        ),
      receivedMs: ms('How much sound was received'),
    },
    'The recognition is over.',
  ),
  frame('error', errorFrameFields, 'A message was refused, or no more sound is recognized.'),
] as const;
export type RecognitionServerFrame = z.output<(typeof recognitionServerFrames)[number]>;

export const RECOGNITION_CLOSE_CODES = {
  ...SHARED_CLOSE_CODES,
  ended: { code: 1000, reason: 'the recognition is over' },
  noHello: { code: 4408, reason: 'no hello came within ten seconds' },
  restarted: { code: 4412, reason: 'the connection was moved: resume' },
} as const satisfies Record<string, SocketClose>;
export type RecognitionCloseName = keyof typeof RECOGNITION_CLOSE_CODES;
