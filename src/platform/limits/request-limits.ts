import type { Actor } from '../../kernel/core/index.ts';
import type { Hasher } from '../../kernel/crypto/index.ts';
import type { RequestOrigin } from '../../kernel/context/index.ts';
import type { Route } from '../http/index.ts';
import { createAddressSubjects } from './address-subjects.ts';
import type { AppliedLimit } from '../http/index.ts';
import {
  isCountedByAddress,
  limitsForActor,
  limitsForAddress,
  limitsForRejectedCredential,
} from './limits.rules.ts';

type LimitedRoute = Pick<Route, 'limit' | 'operationId'>;

export interface RequestLimits {
  /** The rules that count a request, tightest first; `route` is undefined for an unknown path. */
  forRequest(
    route: LimitedRoute | undefined,
    actor: Actor,
    origin: Pick<RequestOrigin, 'ip'>,
  ): readonly AppliedLimit[] | Promise<readonly AppliedLimit[]>;
  /** The rules that count a request with a missing or invalid credential. */
  forRejectedCredential(origin: Pick<RequestOrigin, 'ip'>): Promise<readonly AppliedLimit[]>;
}

/** Decides which rules count a request. @param authPerMinute sign-in attempts per address and minute */
export function createRequestLimits(hasher: Hasher, authPerMinute: number): RequestLimits {
  const subjectOfAddress = createAddressSubjects(hasher);
  // A verified credential is cached as one object, so its rules are made once.
  const limitsByActor = new WeakMap<Actor, Map<string, AppliedLimit[]>>();

  const readAddressLimits = async (route: LimitedRoute | undefined, ip: string | null) =>
    limitsForAddress(await subjectOfAddress(ip), route?.limit, route?.operationId ?? '', authPerMinute);

  const readActorLimits = (name: LimitedRoute['limit'], actor: Actor): AppliedLimit[] => {
    let byName = limitsByActor.get(actor);
    if (!byName) limitsByActor.set(actor, (byName = new Map()));
    let limits = byName.get(name);
    if (!limits) byName.set(name, (limits = limitsForActor(name, actor)));
    return limits;
  };

  return {
    forRequest: (route, actor, origin) =>
      !route || isCountedByAddress(route.limit, actor)
        ? readAddressLimits(route, origin.ip)
        : readActorLimits(route.limit, actor),
    forRejectedCredential: async ({ ip }) => limitsForRejectedCredential(await subjectOfAddress(ip)),
  };
}
