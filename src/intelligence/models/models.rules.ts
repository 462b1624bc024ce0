import type { AiProviderName } from '../providers/index.ts';
import catalogue from './catalogue.json' with { type: 'json' };
import type { ModelCapability } from './models.enums.ts';

/** A model as the catalogue has it. */
export interface AiModel {
  /** The provider's own name of it. */
  id: string;
  provider: AiProviderName;
  /** Most tokens of input. */
  contextTokens: number;
  maxOutputTokens: number;
  capabilities: readonly ModelCapability[];
  /** The day from which on its provider may answer no more, ISO 8601; null where none is announced. */
  endsOn: string | null;
}

/** Where the catalogue is from. */
export interface ModelSource {
  package: string;
  version: string;
  /** Of the package's file. */
  sha256: string;
}

export const MODEL_SOURCE: ModelSource = catalogue.source;
export const AI_MODELS = catalogue.models as readonly AiModel[];
const modelById = new Map(AI_MODELS.map((model) => [model.id, model]));

export const findModel = (modelId: string): AiModel | undefined => modelById.get(modelId);

export const hasCapability = (
  { capabilities }: Pick<AiModel, 'capabilities'>,
  capability: ModelCapability,
): boolean => capabilities.includes(capability);
