import type { AiProviderName } from '../providers/index.ts';
import catalogue from './catalogue.json' with { type: 'json' };
import type { ModelCapability } from './models.enums.ts';

/** A model of the catalogue. */
export interface AiModel {
  /** The name of the model at the provider. */
  id: string;
  provider: AiProviderName;
  /** Most input tokens. */
  contextTokens: number;
  maxOutputTokens: number;
  capabilities: readonly ModelCapability[];
  /** The first day on which its provider may no longer answer, ISO 8601; null when none is announced. */
  endsOn: string | null;
}

/** The source of the catalogue. */
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
