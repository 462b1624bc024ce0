import type { Ctx } from '../context/index.ts';
import type { EventDefinition, EventPayload } from '../events/index.ts';

/** Dimensions of usage: names with values, such as `room` and the room's id. */
export type UsageDimensions = Readonly<Record<string, string>>;

/** The usage of one thing, as it is known now: one connection of a call, one mail. */
export interface UsageFact {
  /** Identifies the thing within meter and organization, for ever. */
  key: string;
  /** When the usage began, in milliseconds since the epoch. */
  occurredAtMs: number;
  /** In the meter's base unit, a whole number from 0; 0 for what has not ended or turned out not to have happened. */
  quantity: number;
  /** Grows with each change of the thing, so that an older reading never replaces a newer one. */
  version: number;
  dimensions: UsageDimensions;
  /** The user who caused the usage; absent when no user with an account did. */
  userId: string | null;
}

/** Something that a module's work uses and that is counted: `billing/usage` records it. */
export interface MeterDefinition<T extends EventPayload = EventPayload> {
  /** In lower case with underscores: `participant_minutes`. It never changes its meaning. */
  name: string;
  /** The feature that was used, under which costs of several meters are summed, with underscores: `live_streams`. */
  feature: string;
  /** The base unit, in which quantities are counted: `milliseconds`, `bytes`, `count`. */
  unit: string;
  /** How many base units make one unit of plans and prices: 60,000 milliseconds are a minute. */
  unitQuantity: number;
  /** One sentence: what is counted, and from when on. */
  description: string;
  /** The names that the dimensions of its facts can have. `user` is added to them. */
  dimensions: readonly string[];
  /** The event after which facts may have changed. */
  event: EventDefinition<T>;
  /**
   * Reads the current facts of the event's source in one round trip, independent of the event's data. A fact that was
   * read before stays in the list, with quantity 0 when it no longer counts.
   */
  read(ctx: Ctx, payload: T): Promise<UsageFact[]>;
}

/** A meter of any event; `read` gets payloads of its own event only. */
export type Meter = Omit<MeterDefinition, 'event' | 'read'> & {
  event: EventDefinition;
  read(ctx: Ctx, payload: never): Promise<UsageFact[]>;
};

/** Declares a meter; the type of its event's payload flows to `read`. */
export const defineMeter = <T extends EventPayload>(meter: MeterDefinition<T>): Meter => meter;
