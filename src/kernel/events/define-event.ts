import type { z } from '@hono/zod-openapi';

export type EventPayload = Record<string, unknown>;

declare const defined: unique symbol;

/** A fact that a change commits together with its state: what subscribers react to. Made by `of` of its definition only. */
export interface DomainEvent {
  readonly [defined]: true;
  /** `resource.what_happened`: `organization.created`. */
  type: string;
  /** A subscriber gets events with the same key one after another, in the order they were written. */
  key: string;
  payload: EventPayload;
  /**
   * The organization of the event, in a change of the system's scope that concerns many organizations; default: that of
   * the change.
   */
  organizationId?: string;
  /** Earliest time of delivery, in milliseconds since the epoch. */
  availableAtMs?: number;
  /** See `EventOptions.coalesced`. */
  coalesced?: true;
}

export interface EventOptions<T extends EventPayload> {
  /** `resource.what_happened`, past tense: `organization.created`. It never changes its meaning. */
  type: string;
  /** Grows with a change of the payload that an existing reader would not understand. Default 1. */
  version?: number;
  /** One sentence: when it happens. */
  description: string;
  /** Ids, never a secret: an operator sees it, and so do the readers of a public event. */
  payload: z.ZodType<T>;
  example: NoInfer<T>;
  /** The id of what changed; events of one key keep their order. */
  key(payload: NoInfer<T>): string;
  /** A step of our own work, which no outside reader gets to see. */
  internal?: true;
  /**
   * Not written while an earlier event of the same type and key still waits for its subscriber, which will see this
   * change as well. Only for an event with one subscriber, written in the system's scope.
   */
  coalesced?: true;
}

/** The definition of one event type. Only the module that owns what changed defines and writes it. */
export interface EventDefinition<T extends EventPayload = EventPayload> {
  readonly type: string;
  readonly version: number;
  readonly description: string;
  readonly payload: z.ZodType<T>;
  readonly example: T;
  readonly internal: boolean;
  readonly coalesced: boolean;
  /** The event with this payload, to be committed with the change it reports. */
  of(payload: T, options?: { availableAtMs?: number; key?: string }): DomainEvent;
}

/** Defines an event type; its payload's type flows to those who write it and to its subscribers. */
export function defineEvent<T extends EventPayload>(options: EventOptions<T>): EventDefinition<T> {
  const { type, version = 1, description, payload: schema, example, key, internal, coalesced } = options;
  return {
    type,
    version,
    description,
    payload: schema,
    example,
    internal: internal === true,
    coalesced: coalesced === true,
    of(payload, { availableAtMs, key: ownKey } = {}) {
      const event: Omit<DomainEvent, typeof defined> = {
        type,
        key: ownKey ?? key(payload),
        payload,
        ...(availableAtMs === undefined ? {} : { availableAtMs }),
        ...(coalesced ? { coalesced } : {}),
      };
      return event as DomainEvent;
    },
  };
}
