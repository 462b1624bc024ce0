import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { presenceEventSchema } from './presence.schemas.ts';

export const presenceChanged = defineEvent({
  type: 'presence.changed',
  description: 'A user changed their presence, or its visibility.',
  payload: presenceEventSchema,
  example: { organizationId: exampleId('organization'), userId: exampleId('user') },
  key: ({ userId }) => userId,
});

export const presenceEvents = [presenceChanged];
