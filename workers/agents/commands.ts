/** Name of an agent without what says that it is one. */
export const shortName = (name: string): string => name.replace(/ \(AI agent[^()]*\)$/, '');

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim();

/** A request to leave, without the name: nothing else is in it, so that a sentence about leaving is none. */
const LEAVE = /^(please )?leave( (the|this|our))?( (call|room|meeting|conversation))?( now)?( please)?$/;

/** The text after the name with which it begins; null for a text that begins otherwise. */
function afterName(name: string, text: string, mark: '' | '@'): string | null {
  const called = `${mark}${wordsOf(shortName(name))} `;
  const words = wordsOf(text);
  return words.startsWith(called) ? words.slice(called.length) : null;
}

/** Whether a sentence asks the agent to leave: "Help, please leave the call." */
export const asksToLeave = (name: string, sentence: string): boolean =>
  LEAVE.test(afterName(name, sentence, '') ?? '');

/** The same, written: "@help leave". */
export const asksToLeaveInChat = (name: string, text: string): boolean =>
  LEAVE.test(afterName(name, text, '@') ?? '');

export const isMentioned = (name: string, text: string): boolean =>
  text.toLowerCase().includes(`@${shortName(name).toLowerCase()}`);
