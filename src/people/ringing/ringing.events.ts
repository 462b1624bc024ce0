import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent, type DomainEvent } from '../../kernel/events/index.ts';
import type { RingStatus } from './ringing.enums.ts';
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

export const ringStarted = defineRingEvent('ring.started', 'A user started a ring to another user.');
export const ringAccepted = defineRingEvent('ring.accepted', 'The callee accepted the ring.');
export const ringDeclined = defineRingEvent(
  'ring.declined',
  'The callee declined the ring, or has set do not disturb.',
);
export const ringCancelled = defineRingEvent(
  'ring.cancelled',
  'The caller cancelled the ring, its room ended, or one of the two may not enter the room any longer.',
);
export const ringBusy = defineRingEvent(
  'ring.busy',
  'A ring ended at once because the callee was in a call or another ring.',
);
export const ringMissed = defineRingEvent('ring.missed', 'The ring was not answered in time.');
/** Internal, because the caller must not learn that they are blocked. */
export const ringSilenced = defineRingEvent(
  'ring.silenced',
  'The callee blocked the caller, so the ring stopped on their devices.',
  {
    internal: true,
  },
);

/** The former name: no longer written, but an outbox may still hold events of it. */
export const formerRingSilenced = defineRingEvent('ring.hushed', 'Former name of `ring.silenced`.', {
  internal: true,
});

export const ringEvents = [
  ringStarted,
  ringAccepted,
  ringDeclined,
  ringCancelled,
  ringBusy,
  ringMissed,
  ringSilenced,
  formerRingSilenced,
];

const EVENT_OF_STATUS = {
  ringing: ringStarted,
  accepted: ringAccepted,
  declined: ringDeclined,
  cancelled: ringCancelled,
  busy: ringBusy,
  missed: ringMissed,
} satisfies Record<RingStatus, typeof ringStarted>;

/** The event for the current status of a ring. */
export const buildRingEvent = ({ id, status }: { id: string; status: RingStatus }): DomainEvent =>
  EVENT_OF_STATUS[status].of({ ringId: id });
