import { z } from '@hono/zod-openapi';
import type { EventDefinition } from '../../kernel/events/index.ts';

/** One event type as its readers see it. */
export interface PublishedEvent {
  /** `resource.what_happened`. */
  type: string;
  version: number;
  description: string;
  /** JSON Schema (2020-12) of the payload. */
  schema: object;
  example: unknown;
}

export interface EventCatalogue {
  events: PublishedEvent[];
}

/** The public event types, in alphabetical order: what webhooks, triggers and metering are made of. */
export function buildEventCatalogue(definitions: readonly EventDefinition[]): EventCatalogue {
  const events = definitions
    .filter(({ internal }) => !internal)
    .map(({ type, version, description, payload, example }) => ({
      type,
      version,
      description,
      // As it is read: fields that a reader does not know are permitted, because later versions may add some.
      schema: z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }),
      example: example as unknown,
    }));
  return { events: events.toSorted((a, b) => (a.type < b.type ? -1 : 1)) };
}
