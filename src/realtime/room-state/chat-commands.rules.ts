import type { CommandContext, ParsedLiveCommand } from './command-subject.rules.ts';
import { createOutcome, NO_OUTCOME, type RoomOutcome } from './outcome.rules.ts';

type ChatCommand = Extract<ParsedLiveCommand, { type: `chat.${string}` }>;

/** A message that a command posts or deletes: in the log like any other, and stored with the chat. */
export function changeChat(command: ChatCommand, { state }: CommandContext): RoomOutcome {
  if (command.type === 'chat.delete')
    return createOutcome({
      events: [{ type: 'chat.deleted', messageId: command.messageId, by: command.identity }],
    });
  if (state.facts.features.chat === false) return NO_OUTCOME;
  const { messageId, identity, name, text, threadId, replyTo, files } = command;
  const shown = files.length === 0 ? {} : { files };
  return createOutcome({
    events: [{ type: 'chat.message', messageId, identity, name, text, threadId, replyTo, ...shown }],
  });
}
