import { noteOfChoice } from './catalog.rules.ts';
import { providerErrors } from './providers.errors.ts';
import type { ProviderSubscription } from './providers.ports.ts';

/** The facts on which a command is decided; new periods and payments do not change the decision. */
const decisiveOf = ({ status, choice, paid, cancelsAtMs, endedAtMs }: ProviderSubscription) =>
  JSON.stringify([
    status,
    choice && noteOfChoice(choice),
    paid && [noteOfChoice(paid.choice), paid.untilMs],
    cancelsAtMs,
    endedAtMs,
  ]);

/**
 * Ensures that a change is made only to the subscription as it was when the change was decided.
 * @param decidedOn absent for a change that is right for every state of the subscription
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
