import type { Actor } from '../core/index.ts';
import type { Hasher } from '../crypto/index.ts';
import type { Origin } from '../context/index.ts';
import type { Route } from '../http/index.ts';
import { createAddressBook } from './addresses.ts';
import type { LimitedCall } from './limits.ports.ts';
import { countsAddress, limitsOfActor, limitsOfAddress, limitsOfRefusal } from './limits.rules.ts';

type CountedRoute = Pick<Route, 'limit' | 'operationId'>;

export interface CallLimits {
  /** The rules that count a call, tightest first; `route` is undefined for a path that nobody answers. */
  ofCall(
    route: CountedRoute | undefined,
    actor: Actor,
    origin: Pick<Origin, 'ip'>,
  ): readonly LimitedCall[] | Promise<readonly LimitedCall[]>;
  /** The rules that count a call whose credential is missing or refused. */
  ofRefusal(origin: Pick<Origin, 'ip'>): Promise<readonly LimitedCall[]>;
}

/** Which rules count which calls. @param authPerMinute sign-in attempts an address has in a minute */
export function createCallLimits(hasher: Hasher, authPerMinute: number): CallLimits {
  const addressOf = createAddressBook(hasher);
  // A verified credential is the same object each time: its rules are made once.
  const known = new WeakMap<Actor, Map<string, LimitedCall[]>>();

  const ofAddress = async (route: CountedRoute | undefined, ip: string | null) =>
    limitsOfAddress(await addressOf(ip), route?.limit, route?.operationId ?? '', authPerMinute);

  const ofActor = (name: CountedRoute['limit'], actor: Actor): LimitedCall[] => {
    let byName = known.get(actor);
    if (!byName) known.set(actor, (byName = new Map()));
    let calls = byName.get(name);
    if (!calls) byName.set(name, (calls = limitsOfActor(name, actor)));
    return calls;
  };

  return {
    ofCall: (route, actor, { ip }) =>
      !route || countsAddress(route.limit, actor) ? ofAddress(route, ip) : ofActor(route.limit, actor),
    ofRefusal: async ({ ip }) => limitsOfRefusal(await addressOf(ip)),
  };
}
