import { z } from '@hono/zod-openapi';
import { MODEL_CAPABILITIES } from './models.enums.ts';

const modelSchema = z
  .object({
    id: z.string().describe('Name of the model, as its provider names it.'),
    provider: z.string().describe('Its provider.'),
    contextTokens: z.int().describe('Most tokens of input.'),
    maxOutputTokens: z.int().describe('Most tokens of an answer, with its reasoning.'),
    capabilities: z
      .array(z.enum(MODEL_CAPABILITIES))
      .describe(
        'What it can do beside text. `adaptive_reasoning`: it decides by itself how much it reasons; `caching`: input can be kept at the ' +
          'provider; `output_schema`: its answer satisfies a JSON schema.',
      ),
    endsOn: z.iso
      .date()
      .nullable()
      .describe('The day from which on it may not answer any more; null where none is announced.'),
    configured: z
      .boolean()
      .describe('Whether a key for its provider is configured, so that it can be asked.'),
  })
  .openapi('AiModel');
export type ModelView = z.output<typeof modelSchema>;

export const modelListSchema = z
  .object({
    data: z.array(modelSchema).describe('The models, by provider and name.'),
    source: z
      .object({
        package: z.string().describe('Package that the catalogue was made from.'),
        version: z.string().describe('Its version.'),
        sha256: z.string().describe('Its SHA-256, hexadecimal.'),
      })
      .describe('Where the catalogue is from.'),
  })
  .openapi('AiModelList');

export const modelListExample: z.output<typeof modelListSchema> = {
  data: [
    {
      id: 'claude-haiku-4-5',
      provider: 'anthropic',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: ['tools', 'images', 'reasoning', 'caching', 'output_schema'],
      endsOn: null,
      configured: true,
    },
  ],
  source: { package: 'litellm', version: '1.110.2', sha256: '9d94d1c7d524b6fd10c14f9c8c6c4f0a' },
};
