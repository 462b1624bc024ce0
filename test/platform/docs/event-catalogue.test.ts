import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from '../../../src/kernel/delivery/index.ts';
import { foldModules } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import { createTestApp } from '../../support/app.ts';

const definitions = foldModules(modules, 'events');

describe('every event type', () => {
  it('is defined once', () => {
    expect(createEventCatalogue(definitions).size).toBe(definitions.length);
  });

  it.each(definitions.map((each) => [each.type, each] as const))(
    '%s is named after its subject, says when it happens, and has an example that its schema takes',
    (type, { description, payload, example, of }) => {
      expect(type).toMatch(/^[a-z][a-z_]*\.[a-z][a-z_]*$/);
      expect(description).toMatch(/^[A-Z].{10,}\.$/);
      expect(payload.parse(example)).toEqual(example);
      expect(of(example)).toMatchObject({ type, payload: example, key: expect.any(String) });
    },
  );
});

it('the event catalogue lists public events with schema and example, and no internal one', async () => {
  const app = createTestApp();
  const { status, headers, body } = await app.send('GET', '/events.json');
  expect(status).toBe(200);
  const types = body.events.map(({ type }: { type: string }) => type);
  expect(types).toEqual(types.toSorted());
  expect(types).toContain('room.created');
  expect(types).not.toContain('user.password_reset_requested');
  expect(body.events.find(({ type }: { type: string }) => type === 'call.ended')).toMatchObject({
    version: 1,
    description: 'A call ended.',
    schema: { type: 'object', required: ['callId', 'roomId'] },
    example: { callId: expect.stringMatching(/^call_/) },
  });
  const again = await app.send('GET', '/events.json', {
    headers: { 'if-none-match': headers.get('etag')! },
  });
  expect(again.status).toBe(304);
});

it('every field of a public event has a description', async () => {
  const { body } = await createTestApp().send('GET', '/events.json');
  type Listed = { type: string; schema: { properties: Record<string, { description?: string }> } };
  const undescribed = (body.events as Listed[]).flatMap(({ type, schema }) =>
    Object.entries(schema.properties)
      .filter(([, { description }]) => !description)
      .map(([field]) => `${type}.${field}`),
  );
  expect(undescribed).toEqual([]);
});
