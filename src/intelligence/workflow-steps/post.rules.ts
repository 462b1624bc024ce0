/** Longest text of a chat message. */
const MOST_CHARACTERS = 4_000;

/** A text for the chat: as many whole lines as fit into one message. */
export function postedText(heading: string, text: string): string {
  const lines = [heading, ...text.split('\n')];
  let length = -1;
  const end = lines.findIndex((line) => (length += line.length + 1) > MOST_CHARACTERS - 2);
  return end < 0 ? lines.join('\n') : `${lines.slice(0, end).join('\n')}\n…`;
}
