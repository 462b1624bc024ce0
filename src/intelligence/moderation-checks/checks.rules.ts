import { compileWords, findPhrases } from '../../realtime/text-rules/index.ts';
import { isModeratorRole } from '../../rooms/access/index.ts';
import { type ModerationPolicy, type ModerationRule, strictestOf } from '../moderation-policies/index.ts';
import type { CheckedSubject } from './subjects.rules.ts';

/** A match of the words of a rule. */
export interface SubjectRuleMatch {
  rule: ModerationRule;
  phrase: string;
}

/** A function that finds the matches of a policy's rules in texts. */
export function ruleFinder(
  { rules }: ModerationPolicy,
  subject: ModerationRule['appliesTo'][number],
): (text: string) => SubjectRuleMatch | undefined {
  const applicable = rules.filter(({ appliesTo }) => appliesTo.includes(subject));
  const words = compileWords(applicable.map((rule) => rule.words));
  return (text) => {
    const phrases = findPhrases(words, text);
    const rule = strictestOf(phrases.map(({ list }) => applicable[list]!));
    return rule && { rule, phrase: phrases.find(({ list }) => applicable[list] === rule)!.phrase };
  };
}

/** Whether the policy does not apply to the author. */
export const isExempt = ({ exemptModerators }: ModerationPolicy, { role }: CheckedSubject): boolean =>
  exemptModerators && isModeratorRole(role);
