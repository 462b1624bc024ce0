import { z } from '@hono/zod-openapi';
import { type ChatMessage, chatMessageSchema } from '../../realtime/protocol/index.ts';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';

export const roomParamsSchema = z.strictObject({
  roomId: idSchema('room').openapi({ description: 'Id of the room.' }),
});

export const listMessagesSchema = pageQuerySchema.extend({
  threadId: idSchema('message').optional().openapi({
    description: 'Id of the first message of a thread: lists that thread alone, including its first message.',
  }),
});
export type ListMessages = z.output<typeof listMessagesSchema>;

export const messagePageSchema = pageSchema(chatMessageSchema).openapi('ChatMessagePage');

export const messageExample: ChatMessage = {
  messageId: 'msg_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ada',
  text: 'Can everybody see my screen?',
  threadId: null,
  replyTo: null,
  files: [],
  sentAt: '2026-01-05T09:30:00.000Z',
  editedAt: null,
  deletedAt: null,
  reactions: [{ emoji: '👍', identities: ['usr_01jd3v7q8gf4kr2x6a0w9mznpe'] }],
};
