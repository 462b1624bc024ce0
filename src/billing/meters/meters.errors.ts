import { defineErrors } from '../../kernel/core/index.ts';

/** The most meters of its own that an organization can have. */
export const MAX_METERS = 100;

export const meterErrors = defineErrors('usage', {
  meterNotFound: { status: 404, title: 'The meter was not found' },
  meterExists: { status: 409, title: 'A meter with this name exists already' },
  tooManyMeters: { status: 409, title: `The organization has ${MAX_METERS} meters of its own already` },
});
