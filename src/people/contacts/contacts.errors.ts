import { defineErrors } from '../../kernel/core/index.ts';

export const contactErrors = defineErrors('contacts', {
  notFound: { status: 404, title: 'The contact was not found' },
  personNotFound: { status: 404, title: 'The member was not found' },
  self: { status: 422, title: 'You cannot add yourself as a contact' },
  exists: { status: 409, title: 'The contact already exists' },
  tooMany: { status: 409, title: 'The address book is full' },
  notExternal: { status: 422, title: 'Only external contacts have a name and address to change' },
});
