import { compileWords, findPhrases } from '../../realtime/text-rules/index.ts';
import { isModeratorRole } from '../../rooms/access/index.ts';
import { type ModerationPolicy, type ModerationRule, strictestOf } from '../moderation-policies/index.ts';
import type { CheckedSubject } from './subjects.rules.ts';

/** What the words of a rule have found. */
export interface RuleMatch {
  rule: ModerationRule;
  phrase: string;
}

/** Finds what the rules of a policy say about texts. */
export function ruleFinder(
  { rules }: ModerationPolicy,
  subject: ModerationRule['appliesTo'][number],
): (text: string) => RuleMatch | undefined {
  const applicable = rules.filter(({ appliesTo }) => appliesTo.includes(subject));
  const words = compileWords(applicable.map((rule) => rule.words));
  return (text) => {
    const phrases = findPhrases(words, text);
    const rule = strictestOf(phrases.map(({ list }) => applicable[list]!));
    return rule && { rule, phrase: phrases.find(({ list }) => applicable[list] === rule)!.phrase };
  };
}

/** Whether the policy leaves the author alone. */
export const isExempt = ({ exemptModerators }: ModerationPolicy, { role }: CheckedSubject): boolean =>
  exemptModerators && isModeratorRole(role);
