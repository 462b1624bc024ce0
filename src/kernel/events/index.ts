export {
  defineEvent,
  type DomainEvent,
  type EventDefinition,
  type EventOptions,
  type EventPayload,
} from './define-event.ts';
/** For `kernel/delivery`, which hands the events to their subscribers. */
export { deleteDelivered, takeMissedEvents, takePendingEvents } from './events.queries.ts';
export { deleteFinished, releaseEvents, takeDeadEvents } from './previous-version.queries.ts';
export { eventsStatement, type EventSource, partitionOf } from './write-events.ts';
