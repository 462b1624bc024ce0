import { noteOfChoice } from './catalog.rules.ts';
import { providerErrors } from './providers.errors.ts';
import type { ProviderSubscription } from './providers.ports.ts';

/** What a command is decided on; periods and payments pass without making another decision of it. */
const decisiveOf = ({ status, choice, paid, cancelsAtMs, endedAtMs }: ProviderSubscription) =>
  JSON.stringify([
    status,
    choice && noteOfChoice(choice),
    paid && [noteOfChoice(paid.choice), paid.untilMs],
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
      detail: 'the subscription was changed at the payment provider in the meantime: read it, and try again',
    });
}
