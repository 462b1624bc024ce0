import type { EventDefinition } from '../events/index.ts';
import type { Subscription } from './subscribe.ts';

/** Every subscriber of the product. */
export interface Subscriptions {
  /** The subscriber with this name; undefined for one that this version does not have. */
  byName(name: string): Subscription | undefined;
  /** Which subscriber gets which event type. */
  pairs: readonly { type: string; subscriber: string }[];
  names: readonly string[];
  /** Changes whenever the pairs do: separates what different versions of the product published. */
  fingerprint: string;
}

declare module '../context/context.ts' {
  interface Services {
    subscriptions: Subscriptions;
  }
}

/** A short hash (FNV-1a, 32 bits) in base 36; it distinguishes sets and is no protection. */
function fingerprintOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** @throws Error when two subscribers share a name, or a coalesced event has more than one subscriber */
export function createSubscriptions(subscriptions: readonly Subscription[]): Subscriptions {
  const byName = new Map(subscriptions.map((each) => [each.name, each]));
  if (byName.size !== subscriptions.length) throw new Error('two subscribers share a name');
  const pairs = subscriptions
    .flatMap(({ name, events }) => events.map(({ type }) => ({ type, subscriber: name })))
    .sort((a, b) => (`${a.type} ${a.subscriber}` < `${b.type} ${b.subscriber}` ? -1 : 1));
  const coalesced = subscriptions.flatMap(({ events }) => events.filter((each) => each.coalesced));
  const shared = coalesced.find(({ type }) => pairs.filter((pair) => pair.type === type).length > 1);
  if (shared) throw new Error(`${shared.type} is coalesced and can have one subscriber only`);
  return {
    byName: (name) => byName.get(name),
    pairs,
    names: [...byName.keys()],
    fingerprint: fingerprintOf(JSON.stringify(pairs)),
  };
}

/** Every event type, by name. @throws Error when two modules define the same */
export function createEventCatalogue(events: readonly EventDefinition[]) {
  const byType = new Map(events.map((each) => [each.type, each]));
  if (byType.size !== events.length) throw new Error('two modules define the same event type');
  return byType as ReadonlyMap<string, EventDefinition>;
}
