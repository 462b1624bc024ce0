import { defineErrors } from '../../kernel/core/index.ts';

export const policyErrors = defineErrors('moderation_policies', {
  notFound: { status: 404, title: 'The room has no moderation policy of its own' },
  notOfRooms: { status: 403, title: 'The organization does not allow rooms their own moderation policy' },
  needsPerson: {
    status: 403,
    title: 'Only a person can switch on checks by a model, which are asked in their name',
  },
});
