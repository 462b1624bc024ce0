import type { FrameOf, ServerFrame } from './frames.ts';

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

/** The conversation after one more frame. What the history tells of a message is not undone by what was heard before. */
export function chatAfter(log: ChatLog, frame: ServerFrame): ChatLog {
  switch (frame.type) {
    case 'chat.page':
      return inOrder(
        new Map([...log, ...frame.data.map((each) => [each.messageId, fromHistory(each)] as const)]),
      );
    case 'chat.message': {
      const { messageId, identity, name, text, at } = frame;
      if (log.has(messageId)) return log;
      const message = { messageId, identity, name, text, sentAt: at, edited: false, deleted: false };
      return new Map(log).set(messageId, { ...message, reactions: new Map() });
    }
    case 'chat.edited':
      return change(log, frame.messageId, () => ({ text: frame.text, edited: true }));
    case 'chat.deleted':
      return change(log, frame.messageId, () => ({ text: '', deleted: true }));
    case 'chat.reaction':
      return change(log, frame.messageId, (message) => reacted(message, frame));
    default:
      return log;
  }
}
