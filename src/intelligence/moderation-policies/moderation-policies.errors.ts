import { defineErrors } from '../../kernel/core/index.ts';

export const policyErrors = defineErrors('moderation_policies', {
  notFound: { status: 404, title: 'The room has no moderation policy of its own' },
  notOfRooms: { status: 403, title: 'The organization allows rooms no moderation policy of their own' },
  needsPerson: { status: 403, title: 'A check by a model needs a person, in whose name it asks' },
});
