/**
 * `npm run models:update -- <wheel> [--on 2026-12-01]`: takes the current chat models of the package `litellm` (PyPI, MIT) into the catalogue,
 * as of a day (default: today). The wheel is got by `pip download litellm --no-deps`. What is taken: names, sizes, capabilities and the announced end; prices are stored by
 * `npm run prices:models`. Only models whose prices that command knows by the same name are taken, so that usage and price have one name.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { unzipSync } from 'fflate';
import type { AiModel, ModelCapability, ModelSource } from '../../src/intelligence/models/index.ts';
import type { CatalogueProviderName } from '../../src/intelligence/providers/index.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import { readProviders, startOf } from './import-model-prices.ts';

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
  supports_none_reasoning_effort?: boolean;
  supports_prompt_cache_breakpoint?: boolean;
  supported_endpoints?: readonly string[];
}

type Has = (model: PackagedModel, id: string) => boolean | undefined;

interface ProviderRule {
  /** Its name in the package, and what the package puts before its names of models. */
  name: string;
  prefix: string;
  /** Whether the package says at which endpoints its models answer; then those are meant for chats that do. */
  hasEndpoints: boolean;
  /** Whether a model is one for general use, that takes what chats of the product have. */
  isGeneral: (model: PackagedModel) => boolean | undefined;
  capabilities: Readonly<Partial<Record<ModelCapability, Has>>>;
}

/** OpenAI's reasoning models take tools only where reasoning can be switched off. */
const openAiTools: Has = (model) =>
  model.supports_function_calling && (!model.supports_reasoning || model.supports_none_reasoning_effort);

/** Since its third generation, Gemini takes a level of reasoning. */
const hasLevels: Has = ({ supports_reasoning: reasons }, id) =>
  reasons && Number(/^gemini-(\d+)/.exec(id)?.[1] ?? 0) >= 3;

const takesSchemas = (model: PackagedModel) =>
  model.supports_function_calling && model.supports_response_schema;

/** Differences from the capabilities that the package names. */
const PROVIDERS: Readonly<Record<CatalogueProviderName, ProviderRule>> = {
  anthropic: {
    name: 'anthropic',
    prefix: '',
    hasEndpoints: false,
    isGeneral: takesSchemas,
    capabilities: {},
  },
  openai: {
    name: 'openai',
    prefix: '',
    hasEndpoints: true,
    isGeneral: takesSchemas,
    capabilities: {
      tools: openAiTools,
      adaptive_reasoning: (model) => model.supports_reasoning,
      caching: (model) => model.supports_prompt_cache_breakpoint,
    },
  },
  google: {
    name: 'gemini',
    prefix: 'gemini/',
    hasEndpoints: true,
    isGeneral: takesSchemas,
    capabilities: { adaptive_reasoning: hasLevels, caching: () => false },
  },
  cloudflare: {
    name: 'cloudflare',
    prefix: 'cloudflare/',
    hasEndpoints: false,
    // Its models that reason are those that speak Chat Completions. How much they do, and schemas, differ by model.
    isGeneral: (model) => model.supports_function_calling && model.supports_reasoning,
    capabilities: { reasoning: () => false, caching: () => false, output_schema: () => false },
  },
};

const CAPABILITIES: Readonly<Record<ModelCapability, Has>> = {
  tools: (model) => model.supports_function_calling,
  images: (model) => model.supports_vision,
  reasoning: (model) => model.supports_reasoning,
  adaptive_reasoning: (model) => model.supports_adaptive_thinking,
  caching: (model) => model.supports_prompt_caching,
  output_schema: (model) => model.supports_native_structured_output ?? model.supports_response_schema,
};

/** A model that ends earlier is taken no more: nothing should begin with it. */
const LEAST_DAYS = 60;
const DAY_MS = 86_400_000;
const CHAT_ENDPOINT = '/v1/chat/completions';
/** `gpt-5.4-2026-03-05`: a fixed version of a model that is there under its own name. */
const DATED = /-\d{4}-\d{2}-\d{2}$|-\d{8}$/;

/** Whether it chats, takes tools and schemas as a model for general use does, and stays. */
function isCurrent(
  id: string,
  model: PackagedModel,
  { hasEndpoints, isGeneral }: ProviderRule,
  onMs: number,
): boolean {
  const { mode, supported_endpoints: endpoints, deprecation_date: endsOn } = model;
  if (mode !== 'chat' || DATED.test(id)) return false;
  if (hasEndpoints && !endpoints?.includes(CHAT_ENDPOINT)) return false;
  if (!isGeneral(model)) return false;
  return endsOn === undefined || Date.parse(endsOn) >= onMs + LEAST_DAYS * DAY_MS;
}

/** The models of a provider that can be asked in the way of a chat, in the order of their names. */
export function modelsOf(
  provider: CatalogueProviderName,
  packaged: Readonly<Record<string, PackagedModel>>,
  priced: ReadonlySet<string>,
  onMs: number,
): AiModel[] {
  const rule = PROVIDERS[provider];
  const { name, prefix, capabilities } = rule;
  const has = Object.entries({ ...CAPABILITIES, ...capabilities }) as [ModelCapability, Has][];
  return Object.entries(packaged)
    .flatMap(([key, model]): AiModel[] => {
      const { max_input_tokens: contextTokens, max_output_tokens: maxOutputTokens } = model;
      const id = key.slice(prefix.length);
      if (model.litellm_provider !== name || !key.startsWith(prefix) || !priced.has(id)) return [];
      if (!contextTokens || !maxOutputTokens || !isCurrent(id, model, rule, onMs)) return [];
      return [
        {
          id,
          provider,
          contextTokens,
          maxOutputTokens,
          capabilities: has.flatMap(([each, isThere]) => (isThere(model, id) ? [each] : [])),
          endsOn: model.deprecation_date ?? null,
        },
      ];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { on: { type: 'string', default: new Date().toISOString().slice(0, 10) } },
  });
  const onMs = Date.parse(startOf(values.on));
  const [path] = positionals;
  const version = /^litellm-([\d.]+)-.*\.whl$/.exec(basename(path ?? ''))?.[1];
  if (!path || !version) throw new CommandError('models:update needs the wheel: litellm-<version>-….whl');
  const wheel = await readFile(path);
  const data = unzipSync(new Uint8Array(wheel), { filter: ({ name }) => name === DATA })[DATA];
  if (!data) throw new CommandError(`there is no ${DATA} in ${path}`);
  const packaged = JSON.parse(new TextDecoder().decode(data)) as Record<string, PackagedModel>;
  const names = Object.keys(PROVIDERS) as CatalogueProviderName[];
  const prices = await readProviders(names);
  const models = prices.flatMap(({ id, models: priced }) =>
    modelsOf(id as CatalogueProviderName, packaged, new Set(priced.map((model) => model.id)), onMs),
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
