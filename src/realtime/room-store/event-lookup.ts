import type { MessageFile, RoomEventDraft } from '../protocol/index.ts';
import type { MessageTrace } from '../room-state/index.ts';
import { selectRow, selectRows, type Sql } from '../../kernel/durable/index.ts';
import type { MessageSummary, Reaction } from '../room-state/index.ts';

/** The frame that an event comes from, and its sender. */
export interface FrameSource {
  identity: string;
  frameId: string;
}

interface EventIndexFields {
  /** The message or segment that the event is about. */
  ref: string | null;
  /** The author of a message, or the agent of a caption; null for other events. */
  author: string | null;
  threadId: string | null;
}

export function indexFieldsOf(event: RoomEventDraft): EventIndexFields {
  if (event.type === 'caption.final') return { ref: event.segmentId, author: event.identity, threadId: null };
  if (!('messageId' in event)) return { ref: null, author: null, threadId: null };
  const { messageId: ref } = event;
  return event.type === 'chat.message'
    ? { ref, author: event.identity, threadId: event.threadId }
    : { ref, author: null, threadId: null };
}

/** Questions about stored events; rows are kept for longer than events can be replayed. */
export class EventLookup {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The event that this frame made when it was received before; undefined for a new frame. */
  findEventOfFrame({ identity, frameId }: FrameSource): { seq: number; ref: string | null } | undefined {
    return selectRow(
      this.#sql,
      'select seq, ref from events where identity = ? and frame_id = ?',
      identity,
      frameId,
    ) as { seq: number; ref: string | null } | undefined;
  }

  /** Undefined for a message that is no longer remembered. */
  findMessage(messageId: string): MessageSummary | undefined {
    const rows = selectRows(
      this.#sql,
      `select type, author, thread_id from events where ref = ? and type in ('chat.message', 'chat.deleted')`,
      messageId,
    ) as { type: string; author: string | null; thread_id: string | null }[];
    const sent = rows.find(({ type }) => type === 'chat.message');
    // If only the deletion is remembered, the author does not matter any more.
    const deleted = rows.some(({ type }) => type === 'chat.deleted');
    if (!sent && !deleted) return undefined;
    return { identity: sent?.author ?? '', threadId: sent?.thread_id ?? null, deleted };
  }

  /** The reactions to a message that can be replayed, also those taken back; each person and emoji once. */
  listReactions(messageId: string): Reaction[] {
    return selectRows(
      this.#sql,
      `select distinct json_extract(body, '$.identity') as identity, json_extract(body, '$.emoji') as emoji from events
        where ref = ? and type = 'chat.reaction' and body is not null`,
      messageId,
    ) as Reaction[];
  }

  /** The events about these messages, in order. */
  listTraces(messageIds: readonly string[]): MessageTrace[] {
    const rows = selectRows(
      this.#sql,
      `select type, ref as messageId, at_ms as atMs, body from events
        where ref in (select value from json_each(?)) and type like 'chat.%' order by seq`,
      JSON.stringify(messageIds),
    ) as (Omit<MessageTrace, 'event'> & { body: string | null })[];
    return rows.map(({ body, ...row }) => ({ ...row, event: body === null ? null : JSON.parse(body) }));
  }

  /** Whether the agent has sent the last version of its segment. Captions of earlier versions of the log name no agent. */
  hasFinalCaption(agent: string, segmentId: string): boolean {
    const query = `select 1 as one from events
      where ref = ? and type = 'caption.final' and (author = ? or author is null)`;
    return selectRow(this.#sql, query, segmentId, agent) !== undefined;
  }
}

interface ChatEventRow {
  seq: number;
  type: string;
  body: string;
}

/**
 * Removes text that an edit or a deletion replaced from the earlier events, which keep their numbers. The message gets the
 * current text (after a deletion none, and no files), and the edits in between get none.
 * @param floorSeq the number of the first event that can be replayed
 * @returns by how many characters the replayable events have grown
 */
export function withdrawReplacedText(
  sql: Sql,
  draft: RoomEventDraft,
  beforeSeq: number,
  floorSeq: number,
): number {
  if (draft.type !== 'chat.edited' && draft.type !== 'chat.deleted') return 0;
  const text = draft.type === 'chat.edited' ? draft.text : '';
  const query = `select seq, type, body from events where ref = ? and seq < ? and body is not null
    and (type = 'chat.message' or (type = 'chat.edited' and json_extract(body, '$.text') <> ''))`;
  let addedCharacters = 0;
  for (const { seq, type, body } of selectRows(sql, query, draft.messageId, beforeSeq) as ChatEventRow[]) {
    const { files, ...event } = JSON.parse(body) as { text: string; files?: MessageFile[] };
    const currentText = type === 'chat.message' ? text : '';
    const isUnchanged = event.text === currentText;
    if (isUnchanged && (files === undefined || draft.type === 'chat.edited')) continue;
    const shown = draft.type === 'chat.edited' && files !== undefined ? { files } : {};
    const rewritten = JSON.stringify({ ...event, text: currentText, ...shown });
    sql.exec('update events set body = ? where seq = ?', rewritten, seq);
    if (seq >= floorSeq) addedCharacters += rewritten.length - body.length;
  }
  return addedCharacters;
}
