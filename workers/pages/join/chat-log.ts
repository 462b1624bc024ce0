import { type FrameOf, reduce, type Reducers, type RoomServerFrame } from './frames.ts';

type HistoryMessage = FrameOf<'chat.page'>['data'][number];

export interface ChatMessage {
  messageId: string;
  identity: string;
  name: string;
  text: string;
  sentAt: string;
  edited: boolean;
  deleted: boolean;
  files: readonly ChatFile[];
  /** Identities that reacted, by emoji. */
  reactions: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A file of a message; its name and size are null when it is no longer shared. */
export type ChatFile = Pick<HistoryMessage['files'][number], 'fileId' | 'name' | 'sizeBytes'>;

/** In the order they were sent. */
export type ChatLog = ReadonlyMap<string, ChatMessage>;

const fromHistory = ({
  messageId,
  identity,
  name,
  text,
  sentAt,
  editedAt,
  deletedAt,
  reactions,
  files,
}: HistoryMessage): ChatMessage => ({
  messageId,
  identity,
  name,
  text,
  sentAt,
  edited: editedAt !== null,
  deleted: deletedAt !== null,
  files,
  reactions: new Map(reactions.map(({ emoji, identities }) => [emoji, new Set(identities)])),
});

const sortMessages = (log: ChatLog): ChatLog => new Map([...log].sort(([a], [b]) => (a < b ? -1 : 1)));

const updateMessage = (
  log: ChatLog,
  messageId: string,
  part: (message: ChatMessage) => Partial<ChatMessage>,
): ChatLog => {
  const message = log.get(messageId);
  return message ? new Map(log).set(messageId, { ...message, ...part(message) }) : log;
};

function applyReaction(
  { reactions }: ChatMessage,
  { emoji, identity, on }: FrameOf<'chat.reaction'>,
): Partial<ChatMessage> {
  const identities = new Set(reactions.get(emoji));
  if (on) identities.add(identity);
  else identities.delete(identity);
  return { reactions: new Map(reactions).set(emoji, identities) };
}

function appendMessage(
  log: ChatLog,
  { messageId, identity, name, text, at, files = [] }: FrameOf<'chat.message'>,
): ChatLog {
  if (log.has(messageId)) return log;
  const message = { messageId, identity, name, text, files, sentAt: at, edited: false, deleted: false };
  return new Map(log).set(messageId, { ...message, reactions: new Map() });
}

const REDUCERS: Reducers<ChatLog> = {
  'chat.page': (log, { data }) =>
    sortMessages(new Map([...log, ...data.map((each) => [each.messageId, fromHistory(each)] as const)])),
  'chat.message': appendMessage,
  'chat.edited': (log, { messageId, text }) => updateMessage(log, messageId, () => ({ text, edited: true })),
  'chat.deleted': (log, { messageId }) =>
    updateMessage(log, messageId, () => ({ text: '', deleted: true, files: [] })),
  'chat.reaction': (log, frame) =>
    updateMessage(log, frame.messageId, (message) => applyReaction(message, frame)),
};

/** The chat after one more frame. */
export const reduceChat = (log: ChatLog, frame: RoomServerFrame): ChatLog => reduce(REDUCERS, log, frame);
