import type { Trace } from '../../kernel/core/index.ts';
import { PROVIDER_NAMES, type ProviderName } from './providers.enums.ts';
import { providerErrors } from './providers.errors.ts';
import type { PaymentProvider, Payments } from './providers.ports.ts';

export type ProviderFactory = (trace?: Trace) => PaymentProvider;

/**
 * Creates the port to the configured providers.
 * @param chosen the one for organizations without a provider; by default the first of `PROVIDER_NAMES`
 */
export function createPayments(
  factories: Readonly<Partial<Record<ProviderName, ProviderFactory>>>,
  chosen?: ProviderName,
): Payments {
  const names = PROVIDER_NAMES.filter((name) => factories[name] !== undefined);
  return {
    names,
    preferred: names.find((name) => name === chosen) ?? names[0],
    of(name, trace) {
      const create = name === undefined ? undefined : factories[name];
      if (!create) throw providerErrors.notConfigured();
      return create(trace);
    },
  };
}
