import { defineErrors } from '../../kernel/core/index.ts';

export const contactErrors = defineErrors('contacts', {
  notFound: { status: 404, title: 'There is no such contact' },
  personNotFound: { status: 404, title: 'Nobody in the organization is called so' },
  self: { status: 422, title: 'Nobody is their own contact' },
  exists: { status: 409, title: 'They are among the contacts already' },
  tooMany: { status: 409, title: 'The address book is full' },
  notExternal: { status: 422, title: 'The name and address of a person with an account are their own' },
});
