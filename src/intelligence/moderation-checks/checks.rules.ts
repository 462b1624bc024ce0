import { compileWords, findPhrases } from '../../realtime/text-rules/index.ts';
import { isModeratorRole } from '../../rooms/access/index.ts';
import type { RoomRole } from '../../rooms/rooms/index.ts';
import { type ModerationPolicy, type ModerationRule, strictestOf } from '../moderation-policies/index.ts';

/** What a rule has found in a text. */
export interface Finding {
  rule: ModerationRule;
  phrase: string;
}

/** Finds what the rules of a policy say about texts. */
export function ruleFinder(
  { rules }: ModerationPolicy,
  subject: ModerationRule['appliesTo'][number],
): (text: string) => Finding | undefined {
  const applicable = rules.filter(({ appliesTo }) => appliesTo.includes(subject));
  const words = compileWords(applicable.map((rule) => rule.words));
  return (text) => {
    const phrases = findPhrases(words, text);
    const rule = strictestOf(phrases.map(({ list }) => applicable[list]!));
    return rule && { rule, phrase: phrases.find(({ list }) => applicable[list] === rule)!.phrase };
  };
}

/** Whether the policy leaves the author alone. */
export const isExempt = ({ exemptModerators }: ModerationPolicy, role: RoomRole | null): boolean =>
  exemptModerators && isModeratorRole(role);

/** Names a message with the words that it has now. */
export const subjectKeyOf = ({ id, changedAt }: { id: string; changedAt: Date }): string =>
  `${id}@${changedAt.getTime()}`;
