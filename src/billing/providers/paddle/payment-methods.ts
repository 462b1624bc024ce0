import { z } from '@hono/zod-openapi';
import { providerErrors, type ProviderPaymentMethod } from '../index.ts';
import { findOrUndefined, type PaddleCall, readAll } from './create-paddle-client.ts';
import { paymentMethodSchema } from './paddle.schemas.ts';

/** A payment method belongs to the path of its customer at Paddle, so the id of the port contains both. */
const SEPARATOR = '-';
const toId = (customer: string, method: string) => `${customer}${SEPARATOR}${method}`;

/** See `ProviderInvoicing`. Subscriptions are charged to the card that was saved last. */
export async function listPaymentMethods(
  call: PaddleCall,
  customer: string,
): Promise<ProviderPaymentMethod[]> {
  const path = `/customers/${customer}/payment-methods?per_page=50` as const;
  const methods = await readAll(call, path, paymentMethodSchema);
  return methods.map(({ id, type, card }, index) => ({
    id: toId(customer, id),
    kind: type,
    brand: card?.type ?? null,
    last4: card?.last4 ?? null,
    expiryMonth: card?.expiry_month ?? null,
    expiryYear: card?.expiry_year ?? null,
    isDefault: index === 0,
  }));
}

/** See `ProviderInvoicing`. */
export async function removePaymentMethod(call: PaddleCall, id: string): Promise<void> {
  const [customer = '', method = ''] = id.split(SEPARATOR);
  await findOrUndefined(call(`DELETE /customers/${customer}/payment-methods/${method}`, z.undefined()));
}

/** @throws AppError `billing.not_supported_by_provider` */
export function setDefaultPaymentMethod(): Promise<never> {
  const detail = 'Paddle lets customers choose the card themselves, in its portal';
  return Promise.reject(providerErrors.notSupportedByProvider({ detail }));
}
