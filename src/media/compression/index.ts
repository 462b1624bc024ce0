export {
  type CompressionService,
  type ImageVariant,
  type ImageVariants,
  type MadeImage,
  MediaRefused,
  type SourceMedia,
  type VideoPreview,
} from './compression.ports.ts';
