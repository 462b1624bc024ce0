import { z } from '@hono/zod-openapi';

/** The consequence for a message with one of the words, before anyone else sees it. */
const TEXT_RULE_ACTIONS = ['hide', 'reject'] as const;

/** The rules of the chat that a live room knows. It keeps them in its storage. */
export const chatRulesSchema = z.object({
  exemptModerators: z.boolean(),
  rules: z.array(
    z.object({
      name: z.string(),
      words: z.array(z.string()),
      action: z.enum(TEXT_RULE_ACTIONS),
      /** Whether the author is muted, too. */
      mute: z.boolean(),
    }),
  ),
});
export type ChatRules = z.output<typeof chatRulesSchema>;

export const NO_CHAT_RULES: ChatRules = { exemptModerators: true, rules: [] };
