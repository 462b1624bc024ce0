import type { Services } from '../context/index.ts';
import type { Subscription } from '../delivery/index.ts';
import type { EventDefinition } from '../events/index.ts';
import type { Meter } from './define-meter.ts';

/** Work that cron starts. It is idempotent: the next minute makes up for a missed one. */
export interface ScheduledTask {
  /** `module.what_it_does`; metrics and logs carry it. */
  name: string;
  /** Runs in the minutes since the epoch that this divides: 60 is each full hour, 1440 each midnight, UTC. */
  everyMinutes: number;
  run(services: Services): Promise<unknown>;
}

/** The fate of stored data when a person or an organization is erased. A legal hold wins over every rule. */
export interface Retention {
  /**
   * cascade: deleted with its organization or person. anonymise: stays without data that names a person. retain: stays,
   * for the reason given. expire: deleted after its time.
   */
  rule: 'cascade' | 'anonymise' | 'retain' | 'expire';
  /** With whom it goes, what is taken out of it, why it stays, or when it goes. */
  how: string;
}

/**
 * All that a module brings into the product, in one place. `platform/http` adds `routes`, `realtime/protocol` adds
 * `frames` and `channels`.
 */
export interface ModuleManifest {
  /** `domain/module`, as its folder. */
  name: string;
  /** The event types it owns. */
  events?: readonly EventDefinition[];
  /** Its handlers of events, its own and those of modules before it. */
  subscriptions?: readonly Subscription[];
  schedules?: readonly ScheduledTask[];
  /** The meters of its work, which `billing/usage` counts. */
  meters?: readonly Meter[];
  /** Retention of each table that it owns, by the table's name. */
  retention?: Readonly<Record<string, Retention>>;
  /** Retention of data that it keeps elsewhere, by the name of the binding or of the Durable Object class. */
  storeRetention?: Readonly<Record<string, Retention>>;
}

export const defineModule = (manifest: ModuleManifest): ModuleManifest => manifest;

type ListKey = {
  [K in keyof ModuleManifest]-?: NonNullable<ModuleManifest[K]> extends readonly unknown[] ? K : never;
}[keyof ModuleManifest];
type Item<K extends ListKey> = NonNullable<ModuleManifest[K]> extends readonly (infer T)[] ? T : never;

/** The items of all modules under one key, in the order of the modules. */
export function foldModules<K extends ListKey>(modules: readonly ModuleManifest[], key: K): Item<K>[] {
  return modules.flatMap((module) => (module[key] ?? []) as readonly Item<K>[]);
}
