/**
 * `npm run models:update -- <wheel>`: takes the models of the package `litellm` (PyPI, MIT) into the catalogue. The wheel is got by
 * `pip download litellm --no-deps`. What is taken: names, sizes, capabilities and the announced end; prices are stored by
 * `npm run prices:models`. Only models whose prices that command knows by the same name are taken, so that usage and price have one name.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { unzipSync } from 'fflate';
import type { AiModel, ModelCapability, ModelSource } from '../../src/intelligence/models/index.ts';
import type { AiProviderName } from '../../src/intelligence/providers/index.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import { readProviders } from './import-model-prices.ts';

const DATA = 'litellm/model_prices_and_context_window_backup.json';
const CATALOGUE = 'src/intelligence/models/catalogue.json';

interface PackagedModel {
  litellm_provider?: string;
  mode?: string;
  max_input_tokens?: number;
  max_output_tokens?: number;
  deprecation_date?: string;
  supports_function_calling?: boolean;
  supports_vision?: boolean;
  supports_reasoning?: boolean;
  supports_adaptive_thinking?: boolean;
  supports_prompt_caching?: boolean;
  supports_response_schema?: boolean;
  supports_native_structured_output?: boolean;
}

/** Names of providers in the package and before its names of models, by ours. */
const PROVIDERS: Readonly<Record<AiProviderName, { name: string; prefix: string }>> = {
  anthropic: { name: 'anthropic', prefix: '' },
};

const CAPABILITIES: readonly (readonly [ModelCapability, (model: PackagedModel) => boolean | undefined])[] = [
  ['tools', (model) => model.supports_function_calling],
  ['images', (model) => model.supports_vision],
  ['reasoning', (model) => model.supports_reasoning],
  ['adaptive_reasoning', (model) => model.supports_adaptive_thinking],
  ['caching', (model) => model.supports_prompt_caching],
  ['output_schema', (model) => model.supports_native_structured_output ?? model.supports_response_schema],
];

/** The models of a provider that can be asked in the way of a chat, in the order of their names. */
export function modelsOf(
  provider: AiProviderName,
  packaged: Readonly<Record<string, PackagedModel>>,
  priced: ReadonlySet<string>,
): AiModel[] {
  const { name, prefix } = PROVIDERS[provider];
  return Object.entries(packaged)
    .flatMap(([key, model]): AiModel[] => {
      const { max_input_tokens: contextTokens, max_output_tokens: maxOutputTokens } = model;
      const id = key.slice(prefix.length);
      if (
        model.litellm_provider !== name ||
        model.mode !== 'chat' ||
        !key.startsWith(prefix) ||
        !priced.has(id)
      )
        return [];
      if (!contextTokens || !maxOutputTokens) return [];
      return [
        {
          id,
          provider,
          contextTokens,
          maxOutputTokens,
          capabilities: CAPABILITIES.flatMap(([each, has]) => (has(model) ? [each] : [])),
          endsOn: model.deprecation_date ?? null,
        },
      ];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [path] = positionals;
  const version = /^litellm-([\d.]+)-.*\.whl$/.exec(basename(path ?? ''))?.[1];
  if (!path || !version) throw new CommandError('models:update needs the wheel: litellm-<version>-….whl');
  const wheel = await readFile(path);
  const data = unzipSync(new Uint8Array(wheel), { filter: ({ name }) => name === DATA })[DATA];
  if (!data) throw new CommandError(`there is no ${DATA} in ${path}`);
  const packaged = JSON.parse(new TextDecoder().decode(data)) as Record<string, PackagedModel>;
  const names = Object.keys(PROVIDERS) as AiProviderName[];
  const prices = await readProviders(names);
  const models = prices.flatMap(({ id, models: priced }) =>
    modelsOf(id as AiProviderName, packaged, new Set(priced.map((model) => model.id))),
  );
  const source: ModelSource = {
    package: 'litellm',
    version,
    sha256: createHash('sha256').update(wheel).digest('hex'),
  };
  const lines = models.map((model) => `    ${JSON.stringify(model)}`).join(',\n');
  await writeFile(CATALOGUE, `{\n  "source": ${JSON.stringify(source)},\n  "models": [\n${lines}\n  ]\n}\n`);
  console.log(`${models.length} models of ${names.join(', ')}`);
}

if (import.meta.main) await runCommand('models:update', main);
