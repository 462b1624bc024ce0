import { MAX_EMOJI_PER_MESSAGE, MAX_EMOJI_PER_PERSON, realtimeErrors } from '../protocol/index.ts';

/** Somebody's reaction to a message. */
export interface Reaction {
  identity: string;
  emoji: string;
}

/**
 * Refuses an emoji that would be one too many: for the message, or for its person there.
 * @param earlier the reactions to the message, also those taken back: each has a row of its own
 * @throws AppError `realtime.too_many_reactions`
 */
export function requirePlaceForReaction(earlier: readonly Reaction[], { identity, emoji }: Reaction): void {
  const emojiOfMessage = new Set(earlier.map((each) => each.emoji));
  const own = earlier.filter((each) => each.identity === identity);
  if (own.some((each) => each.emoji === emoji)) return;
  if (own.length >= MAX_EMOJI_PER_PERSON)
    throw realtimeErrors.tooManyReactions({
      detail: `at most ${MAX_EMOJI_PER_PERSON} different emoji of one person`,
    });
  if (!emojiOfMessage.has(emoji) && emojiOfMessage.size >= MAX_EMOJI_PER_MESSAGE)
    throw realtimeErrors.tooManyReactions({ detail: `at most ${MAX_EMOJI_PER_MESSAGE} different emoji` });
}
