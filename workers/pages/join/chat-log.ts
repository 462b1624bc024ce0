import { type FrameOf, reduce, type Reducers, type ServerFrame } from './frames.ts';

export interface Message {
  messageId: string;
  identity: string;
  name: string;
  text: string;
  sentAt: string;
  edited: boolean;
  deleted: boolean;
  /** Who reacted, by the emoji. */
  reactions: ReadonlyMap<string, ReadonlySet<string>>;
}

/** In the order they were sent. */
export type ChatLog = ReadonlyMap<string, Message>;

type Kept = FrameOf<'chat.page'>['data'][number];

const fromHistory = ({
  messageId,
  identity,
  name,
  text,
  sentAt,
  editedAt,
  deletedAt,
  reactions,
}: Kept): Message => ({
  messageId,
  identity,
  name,
  text,
  sentAt,
  edited: editedAt !== null,
  deleted: deletedAt !== null,
  reactions: new Map(reactions.map(({ emoji, identities }) => [emoji, new Set(identities)])),
});

const inOrder = (log: ChatLog): ChatLog => new Map([...log].sort(([a], [b]) => (a < b ? -1 : 1)));

const change = (log: ChatLog, messageId: string, part: (message: Message) => Partial<Message>): ChatLog => {
  const message = log.get(messageId);
  return message ? new Map(log).set(messageId, { ...message, ...part(message) }) : log;
};

function reacted(
  { reactions }: Message,
  { emoji, identity, on }: FrameOf<'chat.reaction'>,
): Partial<Message> {
  const who = new Set(reactions.get(emoji));
  if (on) who.add(identity);
  else who.delete(identity);
  return { reactions: new Map(reactions).set(emoji, who) };
}

function said(log: ChatLog, { messageId, identity, name, text, at }: FrameOf<'chat.message'>): ChatLog {
  if (log.has(messageId)) return log;
  const message = { messageId, identity, name, text, sentAt: at, edited: false, deleted: false };
  return new Map(log).set(messageId, { ...message, reactions: new Map() });
}

const REDUCERS: Reducers<ChatLog> = {
  'chat.page': (log, { data }) =>
    inOrder(new Map([...log, ...data.map((each) => [each.messageId, fromHistory(each)] as const)])),
  'chat.message': said,
  'chat.edited': (log, { messageId, text }) => change(log, messageId, () => ({ text, edited: true })),
  'chat.deleted': (log, { messageId }) => change(log, messageId, () => ({ text: '', deleted: true })),
  'chat.reaction': (log, frame) => change(log, frame.messageId, (message) => reacted(message, frame)),
};

/** The conversation after one more frame. */
export const chatAfter = (log: ChatLog, frame: ServerFrame): ChatLog => reduce(REDUCERS, log, frame);
