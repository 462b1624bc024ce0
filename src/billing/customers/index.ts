export { customerErrors, requireSeatsCount } from './customers.errors.ts';
export {
  type BillingCustomer,
  rememberCheckout,
  selectCustomer,
  selectOrganizationOfCustomer,
} from './customers.queries.ts';
export { returnUrlSchema } from './customers.schemas.ts';
export { ensureCustomer } from './ensure-customer.ts';
export { returnUrlOf } from './return-urls.rules.ts';
