import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { isFrameTooLarge, readFrame, toErrorFrame } from '../../../src/realtime/sockets/index.ts';
import { AppError, requestErrors } from '../../../src/kernel/core/index.ts';

const schema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('say'), id: z.string().optional(), text: z.string() }),
  z.strictObject({ type: z.literal('ping') }),
]);
const read = (text: string) => readFrame(text, schema, new Set(['say', 'ping']));
const refusalOf = (text: string) => {
  const reading = read(text);
  if (reading.frame !== null) return 'accepted';
  return [reading.error.code, reading.error.details.detail, reading.id];
};

describe('readFrame', () => {
  it('returns the parsed frame', () => {
    expect(read('{"type":"say","text":"hi"}')).toEqual({ frame: { type: 'say', text: 'hi' } });
  });

  it.each([
    ['{', 'must be JSON'],
    ['null', 'must have a known type'],
    ['"say"', 'must have a known type'],
    ['[]', 'must have a known type'],
    ['{"type":7}', 'must have a known type'],
    ['{"type":"shout"}', 'must have a known type'],
  ])('refuses %s as malformed', (text, detail) => {
    expect(refusalOf(text)).toEqual(['realtime.malformed_frame', detail, null]);
  });

  it('names the field that is not valid, and the id of the frame', () => {
    expect(refusalOf('{"type":"say","id":"7","text":1}')).toEqual([
      'realtime.invalid_frame',
      'text must be a string',
      '7',
    ]);
  });

  it('cuts a long detail at 200 characters', () => {
    const [, detail] = refusalOf(JSON.stringify({ type: 'ping', ['x'.repeat(300)]: 1 }));
    expect(detail).toHaveLength(200);
  });

  it('sends back no id that is longer than any a client may choose', () => {
    expect(refusalOf(`{"type":"shout","id":"${'7'.repeat(65)}"}`)[2]).toBeNull();
  });
});

it('the size of a frame is counted in bytes of UTF-8', () => {
  expect(isFrameTooLarge('x'.repeat(10), 10)).toBe(false);
  expect(isFrameTooLarge('x'.repeat(11), 10)).toBe(true);
  expect(isFrameTooLarge('€€€', 9)).toBe(false);
  expect(isFrameTooLarge('€€€', 8)).toBe(true);
});

describe('an error frame', () => {
  it('carries code, title and when to try again', () => {
    const error = requestErrors.rateLimited({ retryAfterSeconds: 3 });
    expect(toErrorFrame('7', error)).toEqual({
      type: 'error',
      id: '7',
      code: 'request.rate_limited',
      title: error.definition.title,
      retryAfterSeconds: 3,
    });
  });

  it('joins the errors of fields into its detail', () => {
    const errors = [
      { pointer: '#/name', message: 'is too long' },
      { pointer: '#/size', message: 'must be a number' },
    ];
    const frame = toErrorFrame(null, requestErrors.invalid({ errors }));
    expect(frame.detail).toBe('#/name is too long; #/size must be a number');
  });

  it('falls back to the retry time of its definition', () => {
    const definition = { code: 'test.later', status: 429, title: 'Later', retryAfterSeconds: 9 } as const;
    expect(toErrorFrame(null, new AppError(definition)).retryAfterSeconds).toBe(9);
  });
});
