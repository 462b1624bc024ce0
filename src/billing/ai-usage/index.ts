export { AI_FEATURES } from './ai-usage.enums.ts';
