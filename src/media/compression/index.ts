export {
  type CompressionService,
  type ImageVariant,
  type ImageVariants,
  type DocumentPreview,
  type MadeImage,
  MediaRefused,
  type PageImage,
  type SourceMedia,
  type VideoPreview,
} from './compression.ports.ts';
export {
  type CompressedCopy,
  type CompressionFigures,
  type CompressionSettings,
  type CompressionTasks,
  KEPT_REASONS,
  type KeptReason,
  type SourcePiece,
  TASK_STAGES,
  type TaskFailure,
  type TaskStage,
  type TaskState,
} from './tasks.ports.ts';
