import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

const phoneNumberId = idSchema('phoneNumber').describe('Id of the phone number.');
const key = ({ phoneNumberId: id }: { phoneNumberId: string }) => id;

/** The rooms that are called by it, and the calls that came in by it, follow. */
export const phoneNumberChanged = defineEvent({
  type: 'phone_number.changed',
  description: 'A phone number was added, changed or deleted, or began or ceased to take calls.',
  payload: z.object({ phoneNumberId }),
  example: { phoneNumberId: exampleId('phoneNumber') },
  key,
});

export const phoneNumberReleased = defineEvent({
  type: 'phone_number.released',
  description: 'A phone number that a cluster has was deleted.',
  payload: z.object({
    phoneNumberId,
    cluster: z.string().describe('Name of the cluster.'),
    clusterTrunk: z.string().describe('Its id at that cluster.'),
  }),
  example: { phoneNumberId: exampleId('phoneNumber'), cluster: 'default', clusterTrunk: 'ST_1' },
  key,
  internal: true,
});

export const phoneNumberEvents = [phoneNumberChanged, phoneNumberReleased];
