import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { type AiModel, findModel } from '../models/index.ts';
import type { PreferencePolicy } from './ai-preferences.enums.ts';
import type {
  AiPreferencesView,
  PersonalAiPreferencesView,
  SetPersonalAiPreferences,
} from './ai-preferences.schemas.ts';
import type { AiPreferences, PersonalAiPreferences } from './ai-preferences.tables.ts';

/** The preferences of a row, without its owner. */
export type StoredPreferences = Omit<PersonalAiPreferences, 'organizationId' | 'userId'>;

/** The preferences that apply to a caller; undefined if they were never set. */
export interface CallerPreferences {
  organization: AiPreferences | undefined;
  person: PersonalAiPreferences | undefined;
}

/** The preferences of organization and person combined. */
export interface EffectivePreferences {
  /** In the order in which `preferred` asks them. */
  defaultModels: readonly string[];
  policy: PreferencePolicy | null;
  mostMicros: number | null;
  /** Seconds without output after which a second model is asked; null: never. */
  hedgeAfterSeconds: number | null;
  allows(modelId: string): boolean;
}

const allowedBy = (preferences: StoredPreferences | undefined, modelId: string): boolean =>
  !preferences ||
  (!preferences.blockedModels.includes(modelId) && (preferences.allowedModels?.includes(modelId) ?? true));

export function combinePreferences({ person, organization }: CallerPreferences): EffectivePreferences {
  const all = [person, organization].filter((each) => each !== undefined);
  const prices = all.flatMap(({ mostMicros }) => mostMicros ?? []);
  return {
    defaultModels: [...new Set(all.flatMap(({ defaultModel }) => defaultModel ?? []))],
    policy: all.find(({ policy }) => policy !== null)?.policy ?? null,
    mostMicros: prices.length > 0 ? Math.min(...prices) : null,
    hedgeAfterSeconds: organization?.hedgeAfterSeconds ?? null,
    allows: (modelId) => all.every((each) => allowedBy(each, modelId)),
  };
}

/** 0 for preferences that were never set. */
export const versionOf = (preferences: StoredPreferences | undefined): number => preferences?.version ?? 0;

/**
 * @param customModels those of the organization, in addition to the catalogue
 * @throws AppError `request.invalid` for models that do not exist, or a default that is not allowed
 */
export function requireSound(input: SetPersonalAiPreferences, customModels: readonly AiModel[]): void {
  const isKnown = (modelId: string) =>
    findModel(modelId) !== undefined || customModels.some(({ id }) => id === modelId);
  const { defaultModel, allowedModels, blockedModels } = input;
  const unknownIn = (list: readonly string[], pointer: string): FieldError[] =>
    list.flatMap((id, index) =>
      isKnown(id)
        ? []
        : [
            {
              pointer: `${pointer}/${index}`,
              message: 'is not a model of the catalogue or of a custom provider',
            },
          ],
    );
  const errors = [
    ...unknownIn(allowedModels ?? [], '/allowedModels'),
    ...unknownIn(blockedModels, '/blockedModels'),
  ];
  if (defaultModel !== null) {
    if (!isKnown(defaultModel))
      errors.push({
        pointer: '/defaultModel',
        message: 'is not a model of the catalogue or of a custom provider',
      });
    else if (!(allowedModels?.includes(defaultModel) ?? true) || blockedModels.includes(defaultModel))
      errors.push({ pointer: '/defaultModel', message: 'must be an allowed model' });
  }
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/** The row for an input, based on the stored one. */
export const storedOf = (
  { maxPriceMicros, defaultModel, policy, allowedModels, blockedModels }: SetPersonalAiPreferences,
  before: StoredPreferences | undefined,
  now: Date,
): StoredPreferences => ({
  defaultModel,
  policy,
  allowedModels,
  blockedModels,
  mostMicros: maxPriceMicros,
  updatedAt: now,
  version: versionOf(before) + 1,
});

export const presentPersonalPreferences = (
  stored: StoredPreferences | undefined,
): PersonalAiPreferencesView => ({
  defaultModel: stored?.defaultModel ?? null,
  policy: stored?.policy ?? null,
  allowedModels: stored?.allowedModels ? [...stored.allowedModels] : null,
  blockedModels: [...(stored?.blockedModels ?? [])],
  maxPriceMicros: stored?.mostMicros ?? null,
  updatedAt: stored?.updatedAt.toISOString() ?? null,
});

export const presentPreferences = (stored: AiPreferences | undefined): AiPreferencesView => ({
  ...presentPersonalPreferences(stored),
  reuseAnswersSeconds: stored?.reuseAnswersSeconds ?? null,
  hedgeAfterSeconds: stored?.hedgeAfterSeconds ?? null,
});
