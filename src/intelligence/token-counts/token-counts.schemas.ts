import { z } from '@hono/zod-openapi';

export const tokenCountSchema = z
  .object({
    provider: z.string().describe('The provider that counted.'),
    model: z.string().describe('The model for which it counted: the one that would be asked first.'),
    inputTokens: z.int().min(0).describe('Number of input tokens, as the provider counts them.'),
  })
  .openapi('AiTokenCount');
export type TokenCount = z.output<typeof tokenCountSchema>;

export const tokenCountExample: TokenCount = {
  provider: 'anthropic',
  model: 'claude-sonnet-5',
  inputTokens: 12,
};
