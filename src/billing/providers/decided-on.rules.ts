import { providerErrors } from './providers.errors.ts';
import type { ProviderSubscription } from './providers.ports.ts';

/** What a command is decided on; periods and payments pass without making another decision of it. */
const decisiveOf = ({ status, choice, paid, cancelsAtMs, endedAtMs }: ProviderSubscription) =>
  JSON.stringify([
    status,
    choice && [choice.plan, choice.planVersion, choice.interval],
    paid && [paid.choice.plan, paid.choice.planVersion, paid.choice.interval, paid.untilMs],
    cancelsAtMs,
    endedAtMs,
  ]);

/**
 * A change is made of the subscription on which it was decided, and of no other.
 * @param decidedOn absent for a change that is right whatever the subscription is
 * @throws AppError `billing.change_conflict`
 */
export function requireAsDecided(
  now: ProviderSubscription,
  decidedOn: ProviderSubscription | undefined,
): void {
  if (decidedOn !== undefined && decisiveOf(now) !== decisiveOf(decidedOn))
    throw providerErrors.changeConflict({
      detail: 'the subscription was changed at the payment provider meanwhile: read it, and try again',
    });
}
