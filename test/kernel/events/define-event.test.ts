import { z } from '@hono/zod-openapi';
import { expect, it } from 'vitest';
import { defineEvent, type DomainEvent } from '../../../src/kernel/events/index.ts';

const thingMoved = defineEvent({
  type: 'thing.moved',
  description: 'A thing moved.',
  payload: z.strictObject({ thingId: z.string() }),
  example: { thingId: 'a' },
  key: ({ thingId }) => thingId,
});

it('an event has the type and the key of its definition', () => {
  expect(thingMoved.of({ thingId: 'b' })).toEqual({
    type: 'thing.moved',
    key: 'b',
    payload: { thingId: 'b' },
  });
});

it('an event is made by its definition only: a literal does not type-check', () => {
  // @ts-expect-error a literal could have any type and payload
  const literal: DomainEvent = { type: 'thing.moved', key: 'b', payload: { thingId: 'b' } };
  expect(literal).toEqual(thingMoved.of({ thingId: 'b' }));
});
