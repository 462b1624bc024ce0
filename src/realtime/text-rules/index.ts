export type { HeldMessage } from './held-message.ts';
export { ActiveRules, KnownRules, type RulesReading } from './known-rules.ts';
export { type ChatRules, NO_CHAT_RULES } from './text-rules.schemas.ts';
export { compileWords, findPhrases, wordsOf } from './words.rules.ts';
