import type { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { roomFrames } from '../../../durable-objects/room-frames.ts';
import { inboxChannel } from '../../../src/people/inbox/inbox-channel.ts';
import { roomChannel } from '../../../src/realtime/protocol/index.ts';
import { routes } from '../../../workers/http.ts';

/** What the walk reads of a schema; Zod keeps it under one name for libraries. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  options?: z.ZodType[];
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  in?: z.ZodType;
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition;

/** The strings in a schema with their paths; a string that is parsed into something else counts as a whole. */
function* findStrings(schema: z.ZodType, path: string): Generator<[string, z.ZodType]> {
  const { type, shape, element, options, innerType, valueType, in: input } = definitionOf(schema);
  if (type === 'string' || (type === 'pipe' && definitionOf(input!).type === 'string')) yield [path, schema];
  for (const [name, field] of Object.entries(shape ?? {})) yield* findStrings(field, `${path}.${name}`);
  for (const inner of options ?? []) yield* findStrings(inner, path);
  for (const inner of [element, innerType, valueType])
    if (inner) yield* findStrings(inner, inner === innerType ? path : `${path}[]`);
  if (type === 'pipe' && definitionOf(input!).type !== 'string') yield* findStrings(input!, path);
}

const takesWords = (schema: z.ZodType) => schema.safeParse('Ada Lovelace, née Byron').success;

/** The name of a frame's type. */
const typeOf = (frame: z.ZodType) => (frame as z.ZodObject<{ type: z.ZodLiteral<string> }>).shape.type.value;

const schemas: (readonly [string, z.ZodType])[] = [
  ...routes.flatMap(({ operationId, body }) => (body ? [[operationId, body.schema] as const] : [])),
  ...[roomChannel(roomFrames), inboxChannel].flatMap(({ name, clientFrames }) =>
    clientFrames.map(({ schema }) => [`${name} ${typeOf(schema)}`, schema] as const),
  ),
];

/** Fields that take any words and are not text that other people see, each with the reason. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/\.(password|currentPassword|newPassword)$/, 'a secret is taken as it is'],
  [/\.(token|refreshToken|ticket|guestTicket)$/, 'a credential'],
  [/\.metadata\[\]$/, 'stored and returned as it is, for programs'],
  [/\.topic$/, 'for programs'],
  [/\.cursor(\.epoch)?$/, 'made by the API'],
  [/^compareBill\.csv$/, 'a file of figures, stored nowhere'],
  [
    /^(createGeneration|createBatch|explainAiRoute|countAiTokens)\./,
    'for a model: passed on as it is, and stored nowhere',
  ],
  [/^completeMcpConsent\./, 'made by the server that asked for consent, and given back to it as it is'],
  [/^replayDeadLetters\./, 'names to search for, stored nowhere'],
];

const fields = schemas
  .flatMap(([name, schema]) => [...findStrings(schema, name)])
  .filter(([path, schema]) => takesWords(schema) && !OTHERS.some(([pattern]) => pattern.test(path)));

it('finds the texts that people see, in bodies and in frames', () => {
  const paths = fields.map(([path]) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'createRoom.name',
      'openPoll.options[]',
      'joinByLink.name',
      'room chat.send.text',
    ]),
  );
  expect(paths.length).toBeGreaterThan(30);
});

const INVISIBLE = [
  '\u200B',
  '\u3164',
  '\u2800',
  '\u2060\u00AD',
  '\u202E',
  '\u0301',
  '\uFE0F',
  '\u200D\u200C',
];

describe('a text that people see', () => {
  it.each(fields)('%s: is refused when it shows nothing', (_path, schema) => {
    for (const text of INVISIBLE) {
      const { success, data } = schema.safeParse(` ${text} `);
      expect([JSON.stringify(text), success && data !== '']).toEqual([JSON.stringify(text), false]);
    }
  });

  it.each(fields)('%s: loses controls and overrides of the direction, and becomes NFC', (_path, schema) => {
    expect(schema.parse(' \u202EAda\u202C \u2067\u0007Zoe\u0308\u2069\u009F ')).toBe('Ada Zo\u00EB');
  });
});
