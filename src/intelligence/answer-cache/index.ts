export type { ReusableAnswer, ReuseTerms, SavedByReuse } from './answer-cache.rules.ts';
export { countReuse, findAnswer, keepAnswer, reuseTermsOf } from './reuse-answers.ts';
