import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { providerErrors } from '../providers/index.ts';
import {
  listPaymentMethods,
  removePaymentMethod,
  setDefaultPaymentMethod,
} from './manage-payment-methods.ts';
import { paymentMethodErrors } from './payment-methods.errors.ts';
import {
  paymentMethodParamsSchema,
  paymentMethodsExample,
  paymentMethodsSchema,
  setDefaultSchema,
} from './payment-methods.schemas.ts';

const tag = 'Billing';
const path = '/api/v1/billing/payment-methods';
const { notConfigured, providerUnavailable, providerRefused } = providerErrors;
const success = {
  200: { description: 'The payment methods', schema: paymentMethodsSchema, example: paymentMethodsExample },
};
const unconfigured = 'Without a configured payment provider it answers `billing.not_configured`.';

export const paymentMethodRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listPaymentMethods',
    tag,
    summary: 'List payment methods',
    description:
      "Returns the payment methods of the organization, as its payment provider has them now. They are added on the provider's own " +
      `pages, to which the checkout and the portal lead; no card number passes through this API. ${unconfigured}`,
    access: { kind: 'permission', permission: 'billing:read' },
    limit: 'api',
    success,
    errors: [notConfigured, providerUnavailable],
    handle: (ctx) => listPaymentMethods(ctx),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'put',
    path: `${path}/default`,
    operationId: 'setDefaultPaymentMethod',
    tag,
    summary: 'Set the default payment method',
    description: `Charges subscriptions to this payment method from now on. ${unconfigured}`,
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    body: { schema: setDefaultSchema, example: { paymentMethodId: 'pm_1QhXYZ2eZvKYlo2C' } },
    success,
    errors: [paymentMethodErrors.notFound, notConfigured, providerUnavailable, providerRefused],
    handle: (ctx, { body }) => setDefaultPaymentMethod(ctx, body.paymentMethodId),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/{paymentMethod}`,
    operationId: 'removePaymentMethod',
    tag,
    summary: 'Remove a payment method',
    description:
      'Removes a payment method at the provider. While the organization has a subscription, its default and its ' +
      `last payment method cannot be removed: the answer is \`payment_methods.is_needed\`. ${unconfigured}`,
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    params: paymentMethodParamsSchema,
    success: { 204: { description: 'The payment method is removed' } },
    errors: [
      paymentMethodErrors.notFound,
      paymentMethodErrors.isNeeded,
      notConfigured,
      providerUnavailable,
      providerRefused,
    ],
    handle: (ctx, { params }) => removePaymentMethod(ctx, params.paymentMethod),
    respond: noContent,
  }),
];
