import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { ringEventSchema } from './ringing.schemas.ts';

const defineRingEvent = (type: string, description: string, visibility: { internal?: true } = {}) =>
  defineEvent({
    type,
    description,
    payload: ringEventSchema,
    example: { ringId: exampleId('ring') },
    key: ({ ringId }) => ringId,
    ...visibility,
  });

export const ringStarted = defineRingEvent('ring.started', 'A person rings another.');
export const ringAccepted = defineRingEvent('ring.accepted', 'The callee accepted a ring.');
export const ringDeclined = defineRingEvent('ring.declined', 'The callee declined a ring.');
export const ringCancelled = defineRingEvent('ring.cancelled', 'The caller cancelled a ring.');
export const ringBusy = defineRingEvent('ring.busy', 'The callee was in another call.');
export const ringMissed = defineRingEvent('ring.missed', 'Nobody answered a ring in time.');
/** Internal: the caller must not learn that they are blocked. */
export const ringHushed = defineRingEvent('ring.hushed', 'A ring stopped on the devices of the callee.', {
  internal: true,
});

export const ringEvents = [
  ringStarted,
  ringAccepted,
  ringDeclined,
  ringCancelled,
  ringBusy,
  ringMissed,
  ringHushed,
];
