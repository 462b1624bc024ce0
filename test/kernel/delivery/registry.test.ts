import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { createEventCatalogue, createSubscriptions, subscribe } from '../../../src/kernel/delivery/index.ts';
import { defineEvent, type EventDefinition } from '../../../src/kernel/events/index.ts';
import { reasonOf } from '../../../src/kernel/delivery/delivery.rules.ts';

const define = (type: string, options: { coalesced?: true } = {}): EventDefinition =>
  defineEvent({
    type,
    description: 'A thing happened.',
    payload: z.object({}),
    example: {},
    key: () => 'key',
    ...options,
  });
const react = (event: EventDefinition, name: string) => subscribe(event, name, async () => undefined);
const thingChanged = define('thing.changed');
const thingReported = define('thing.reported', { coalesced: true });

describe('the event types of all modules', () => {
  it('are found by name', () => {
    expect(createEventCatalogue([thingChanged, thingReported]).get('thing.reported')).toBe(thingReported);
  });

  it('are each defined by one module', () => {
    expect(() => createEventCatalogue([thingChanged, define('thing.changed')])).toThrow(
      'two modules define the same event type',
    );
  });
});

describe('the subscribers of all modules', () => {
  it('give a coalesced event to one subscriber only, because its deliveries share one row', () => {
    const first = react(thingReported, 'things.read');
    expect(createSubscriptions([first]).pairs).toEqual([
      { type: 'thing.reported', subscriber: 'things.read' },
    ]);
    expect(() => createSubscriptions([first, react(thingReported, 'usage.meter')])).toThrow(
      'thing.reported is coalesced and can have one subscriber only',
    );
  });

  it('have a fingerprint that depends on the subscriptions, not on their order', () => {
    const [a, b] = [react(thingChanged, 'a.act'), react(thingChanged, 'b.act')];
    const { fingerprint } = createSubscriptions([a, b]);
    expect(createSubscriptions([b, a]).fingerprint).toBe(fingerprint);
    expect(createSubscriptions([a]).fingerprint).not.toBe(fingerprint);
    expect(createSubscriptions([a, react(thingReported, 'b.act')]).fingerprint).not.toBe(fingerprint);
  });
});

describe('the reason of a failure', () => {
  it('is the name and message of its root cause', () => {
    const error = new Error('outer', { cause: new TypeError('inner') });
    expect(reasonOf(error)).toBe('TypeError: inner');
  });

  it('is the text of what was thrown, when that is no error', () => {
    expect(reasonOf('out of paper')).toBe('out of paper');
  });
});
