import { defineErrors } from '../../kernel/core/index.ts';

export const customerErrors = defineErrors('billing', {
  notSubscribed: { status: 409, title: 'The organization has no subscription' },
  seatsNotCounted: {
    status: 409,
    title: 'The number of members is fixed for the organization, so seats would change nothing',
  },
  returnUrlNotAllowed: { status: 422, title: 'The return address does not belong to the web app' },
});

/**
 * @param areUseless whether seats are requested although an operator set the number of members, so that seats would
 * change nothing
 * @throws AppError `billing.seats_not_counted`
 */
export function requireSeatsCount(areUseless: boolean): void {
  if (areUseless) throw customerErrors.seatsNotCounted({ detail: 'contact support to change it' });
}
