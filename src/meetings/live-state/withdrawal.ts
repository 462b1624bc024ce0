import type { EventDraft } from '../realtime/index.ts';
import { rowsOf, type Sql } from './sql.ts';

interface Row {
  seq: number;
  type: string;
  body: string;
}

/**
 * Takes what an edit or a deletion has replaced out of the events before it: they keep their places and lose its text.
 * The message tells the text that counts, if any; the edits in between tell none.
 * @param floorSeq of the first event that can be replayed
 * @returns by how many characters what can be replayed has grown
 */
export function withdraw(sql: Sql, draft: EventDraft, before: number, floorSeq: number): number {
  if (draft.type !== 'chat.edited' && draft.type !== 'chat.deleted') return 0;
  const text = draft.type === 'chat.edited' ? draft.text : '';
  const query = `select seq, type, body from events where ref = ? and seq < ? and body is not null
    and type in ('chat.message', 'chat.edited')`;
  let grown = 0;
  for (const { seq, type, body } of rowsOf(sql, query, draft.messageId, before) as Row[]) {
    const event = JSON.parse(body) as { text: string };
    const told = type === 'chat.message' ? text : '';
    if (event.text === told) continue;
    const rewritten = JSON.stringify({ ...event, text: told });
    sql.exec('update events set body = ? where seq = ?', rewritten, seq);
    if (seq >= floorSeq) grown += rewritten.length - body.length;
  }
  return grown;
}
