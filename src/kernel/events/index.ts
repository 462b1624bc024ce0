export {
  defineEvent,
  type DomainEvent,
  type EventDefinition,
  type EventOptions,
  type EventPayload,
} from './define-event.ts';
/** For `kernel/delivery`, which hands the events to their subscribers. */
export { deleteDelivered, takePendingEvents } from './events.queries.ts';
export { eventsStatement, type EventSource, partitionOf } from './write-events.ts';
