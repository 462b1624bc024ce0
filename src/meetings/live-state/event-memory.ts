import type { EventDraft } from '../realtime/index.ts';
import type { Trace } from './overlay.rules.ts';
import { rowOf, rowsOf, type Sql } from './sql.ts';
import type { KnownMessage } from './step.rules.ts';

/** Whose frame an event comes from. */
export interface Source {
  identity: string;
  frameId: string;
}

interface Indexed {
  /** The message or segment that the event is about. */
  ref: string | null;
  /** Of a message: who wrote it. */
  author: string | null;
  threadId: string | null;
}

export function indexed(event: EventDraft): Indexed {
  if (event.type === 'caption.final') return { ref: event.segmentId, author: null, threadId: null };
  if (!('messageId' in event)) return { ref: null, author: null, threadId: null };
  const { messageId: ref } = event;
  return event.type === 'chat.message'
    ? { ref, author: event.identity, threadId: event.threadId }
    : { ref, author: null, threadId: null };
}

/** What the rows of events are asked, beside what is replayed: they are remembered for longer. */
export class EventMemory {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The event that a frame made when it came before; undefined for a new frame. */
  madeBy({ identity, frameId }: Source): { seq: number; ref: string | null } | undefined {
    return rowOf(
      this.#sql,
      'select seq, ref from events where identity = ? and frame_id = ?',
      identity,
      frameId,
    ) as { seq: number; ref: string | null } | undefined;
  }

  /** Undefined for a message that is not remembered here. */
  message(messageId: string): KnownMessage | undefined {
    const rows = rowsOf(
      this.#sql,
      `select type, author, thread_id from events where ref = ? and type in ('chat.message', 'chat.deleted')`,
      messageId,
    ) as { type: string; author: string | null; thread_id: string | null }[];
    const sent = rows.find(({ type }) => type === 'chat.message');
    // Of an older message only its deletion may be remembered: who wrote it does not matter any more.
    const deleted = rows.some(({ type }) => type === 'chat.deleted');
    if (!sent && !deleted) return undefined;
    return { identity: sent?.author ?? '', threadId: sent?.thread_id ?? null, deleted };
  }

  /** What happened to these messages, in the room's order. */
  traces(messageIds: readonly string[]): Trace[] {
    const rows = rowsOf(
      this.#sql,
      `select type, ref as messageId, at_ms as atMs, body from events
        where ref in (select value from json_each(?)) and type like 'chat.%' order by seq`,
      JSON.stringify(messageIds),
    ) as (Omit<Trace, 'event'> & { body: string | null })[];
    return rows.map(({ body, ...row }) => ({ ...row, event: body === null ? null : JSON.parse(body) }));
  }

  hasFinalCaption(segmentId: string): boolean {
    const query = `select 1 as one from events where ref = ? and type = 'caption.final'`;
    return rowOf(this.#sql, query, segmentId) !== undefined;
  }
}
