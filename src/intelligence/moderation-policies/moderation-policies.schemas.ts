import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema } from '../../kernel/core/index.ts';
import { REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import { wordsOf } from '../../realtime/text-rules/index.ts';
import { type ModelCheck, modelCheckSchema } from './model-check.schemas.ts';
import { RULE_ACTIONS } from './moderation-policies.enums.ts';

const MOST_WORDS = 2_000;
const MOST_WORDS_OF_PHRASE = 10;

const phraseSchema = lineSchema(100)
  .refine((phrase) => wordsOf(phrase).length > 0, 'must contain a word')
  .refine(
    (phrase) => wordsOf(phrase).length <= MOST_WORDS_OF_PHRASE,
    `must have at most ${MOST_WORDS_OF_PHRASE} words`,
  );

const ruleSchema = z
  .strictObject({
    name: lineSchema(100).describe('Name for people, 1 to 100 characters, once in a policy.'),
    words: z
      .array(phraseSchema)
      .min(1)
      .max(500)
      .describe(
        'Words and phrases, 1 to 500 of up to 100 characters. They match whole words, in any case, ' +
          'with and without accents; there are no patterns.',
      ),
    appliesTo: z
      .array(z.enum(REVIEW_SUBJECTS))
      .min(1)
      .max(2)
      .default([...REVIEW_SUBJECTS])
      .describe(
        'The texts to which it applies: messages of the chat with the names of their files, and ' +
          'captions.',
      ),
    action: z
      .enum(RULE_ACTIONS)
      .describe(
        '`flag`: the message is shown, and waits for a review. `hide`: other people see it only once ' +
          'a review has approved it. `reject`: it is refused, and not kept. Captions are always only ' +
          'flagged, because they were already spoken.',
      ),
    mute: z
      .boolean()
      .default(false)
      .describe(
        'Whether the author is also muted in the call; they can unmute themselves. Not with `reject`.',
      ),
  })
  .refine(({ action, mute }) => !(action === 'reject' && mute), {
    path: ['mute'],
    message: 'must be false with the action reject, which leaves nothing to review',
  })
  .openapi('ModerationRule');
export type ModerationRule = z.output<typeof ruleSchema>;

const rules = z
  .array(ruleSchema)
  .max(50)
  .superRefine((list, context) => {
    if (new Set(list.map(({ name }) => name)).size < list.length)
      context.addIssue({ code: 'custom', message: 'must have different names' });
    if (list.reduce((sum, { words }) => sum + words.length, 0) > MOST_WORDS)
      context.addIssue({ code: 'custom', message: `must have at most ${MOST_WORDS} words together` });
  })
  .describe('The rules, at most 50. When several match a text, the strictest counts.');
const enabled = z.boolean().describe('Whether the rules apply.');
const exemptModerators = z
  .boolean()
  .describe('Whether hosts and moderators of a room may write what the rules do not allow.');
const allowRoomPolicies = z
  .boolean()
  .describe(
    'Whether rooms may have a policy of their own, which replaces this one. While it is false, ' +
      'existing ones do not apply.',
  );

const modelCheck = z.union([modelCheckSchema, z.null()]).openapi({
  description:
    'What a model checks, a moment after a message was shown or something was said; null for no ' +
    'check. The model is asked in the name of the person who set the policy last, within their ' +
    'permissions, the plan and the budget of the organization. It uses at most a quarter of a budget ' +
    'for AI. Without a budget it can use up the tokens that the plan includes, and more if the plan ' +
    'charges for more.',
});

export const setRoomPolicySchema = z.strictObject({
  enabled: enabled.default(true),
  exemptModerators: exemptModerators.default(true),
  rules,
  modelCheck: modelCheck.default(null),
});
export const setPolicySchema = setRoomPolicySchema.extend({
  allowRoomPolicies: allowRoomPolicies.default(true),
});
export type SetPolicy = z.output<typeof setPolicySchema>;

export const policySchema = z
  .object({
    scope: z
      .enum(['organization', 'room'])
      .describe('The owner of the policy: the organization, or one room.'),
    roomId: idSchema('room').nullable().describe('The room; null for the policy of the organization.'),
    enabled,
    exemptModerators,
    allowRoomPolicies,
    rules: z.array(ruleSchema).describe('The rules.'),
    modelCheck,
    authorId: idSchema('user')
      .nullable()
      .describe(
        'The person who set it last, in whose name a model is asked. Null for an API key, or when ' +
          'they are gone; no model is asked then.',
      ),
    updatedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it was last changed; null if it was never changed.'),
  })
  .openapi('ModerationPolicy');
export type PolicyView = z.output<typeof policySchema>;

const ruleExample: ModerationRule = {
  name: 'Insults',
  words: ['blockhead', 'empty head'],
  appliesTo: ['chat', 'caption'],
  action: 'hide',
  mute: false,
};
const modelCheckExample: ModelCheck = {
  model: 'claude-haiku-4-5',
  appliesTo: ['chat', 'caption'],
  categories: [{ category: 'harassment', severity: 'medium', action: 'flag' }],
  whenNotChecked: 'show',
};
export const setPolicyExample = {
  enabled: true,
  exemptModerators: true,
  allowRoomPolicies: true,
  rules: [ruleExample],
  modelCheck: modelCheckExample,
};
export const setRoomPolicyExample = { enabled: true, exemptModerators: true, rules: [ruleExample] };
export const policyExample: PolicyView = {
  scope: 'organization',
  roomId: null,
  ...setPolicyExample,
  authorId: exampleId('user'),
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const roomPolicyExample: PolicyView = {
  ...policyExample,
  scope: 'room',
  roomId: exampleId('room'),
};
